import type { ElectronBridge } from '../../electron/bridge.ts';
import { subtitleNameFor } from '../../engine/protocol/subtitle-names.ts';
import { fileNameOf } from '../format/paths.ts';
import { socketTransport } from './socket-transport.ts';
import { upload } from './upload.ts';
import type { HostState } from './engine-link.ts';
import type { Shell } from './shell.ts';

/** One that does not answer for so long counts as gone. */
const hostAnswersMs = 2000;

/** A host that was started again has another token, and refuses the cookie of the one before. */
async function lookAtHost(): Promise<HostState> {
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(hostAnswersMs) });
    return status === 401 ? 'restarted' : 'there';
  } catch {
    return 'gone';
  }
}

function download(address: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
}

/** A browser on the web host: sockets, uploads, downloads, and a dialog of the page's own over the files of the engine's machine. */
export function webShell(openFiles: ElectronBridge['openFiles']): Shell {
  return {
    kind: 'web',
    platform: /Mac/u.test(navigator.userAgent) ? 'darwin' : /Windows/u.test(navigator.userAgent) ? 'win32' : 'linux',
    version: '',
    connect: () => socketTransport(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`),
    mediaAddress: (resource) => `/media/${resource}`,
    lookAtHost,
    bringIn: (file, options) => upload(file, `/upload/${encodeURIComponent(file.name)}`, options),
    async bringBeside(subtitles, { name, path }, options) {
      // Named as the engine's machine could name the video.
      const there = subtitleNameFor(name, subtitles.name, fileNameOf(path)) ?? subtitles.name;
      await upload(subtitles, `/upload/${encodeURIComponent(there)}?beside=${encodeURIComponent(path)}`, options);
    },
    openFiles,
    // Nothing is saved there from a browser: what the engine writes for it is downloaded (takeFile).
    saveFile: () => Promise.resolve(undefined),
    saveText({ fileName, text }) {
      const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
      download(address, fileName);
      setTimeout(() => { URL.revokeObjectURL(address); }, 10_000);
      return Promise.resolve(fileName);
    },
    async takeFile(_options, write) {
      const written = await write(undefined);
      const id = written?.download ?? undefined;
      if (written !== undefined && id !== undefined) download(`/media/archive/${id}`, written.fileName);
      return written?.fileName;
    },
    pathOf: () => undefined,
    showInFolder: () => Promise.resolve(),
    openExternal(address) {
      if (new URL(address).protocol === 'https:') window.open(address, '_blank', 'noopener,noreferrer');
      return Promise.resolve();
    },
    copyText: (text) => navigator.clipboard.writeText(text),
    setMenu: () => undefined,
    onAction: () => () => undefined,
    onOpenFiles: () => () => undefined,
    // Closing a tab ends nothing: the engine belongs to the host, and goes on.
    setBusy: () => undefined,
    setTheme: () => undefined,
  };
}
