import { clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import type { Words } from './words.ts';

/** Sites that the app itself links to: models, papers, the project's own page, ffmpeg. */
const knownHosts = new Set(['arxiv.org', 'huggingface.co', 'github.com', 'ffmpeg.org', 'nodejs.org']);

/** Throws `bad-argument` for what is no address of the web, or one that could be mistaken for another. */
export function parseExternal(address: string): URL {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new LongtakeError('bad-argument', `${JSON.stringify(address)} is not an https address. Longtake opens no other.`, { address });
  }
  return url;
}

export function isKnownHost(url: URL): boolean {
  return knownHosts.has(url.hostname) && url.port === '';
}

/**
 * Shows the whole address first. An address of a site that the app does not know, as a model may write one, is not
 * opened at all; it can be copied.
 */
export async function openExternal(window: BrowserWindow, address: string, words: Words): Promise<void> {
  const url = parseExternal(address);
  if (isKnownHost(url)) {
    const { response } = await dialog.showMessageBox(window, {
      type: 'question', message: words.openTitle, detail: url.href, buttons: [words.open, words.cancel], defaultId: 0, cancelId: 1, noLink: true,
    });
    if (response === 0) await shell.openExternal(url.href);
    return;
  }
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning', message: words.notOpenedTitle, detail: `${url.href}\n\n${words.notOpenedDetail}`,
    buttons: [words.copyAddress, words.cancel], defaultId: 1, cancelId: 1, noLink: true,
  });
  if (response === 0) await clipboard.writeText(url.href);
}
