import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildElectron } from '../../../electron/build.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

/**
 * The shell, built into the folder of a test beside a small page, so that its tests need neither the interface nor an
 * earlier build. Returns the `output` that `openElectronApp` takes.
 */
export async function buildShellWithPage(project: string, pageFile: string): Promise<string> {
  const output = path.join(project, 'out', 'electron');
  await buildElectron(output);
  const renderer = path.join(project, 'out', 'renderer');
  mkdirSync(renderer);
  cpSync(pageFile, path.join(renderer, 'page.js'));
  writeFileSync(path.join(renderer, 'index.html'), `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shell</title>
<style nonce="__CSP_NONCE__">body { background: rgb(1, 2, 3) }</style></head><body><video id="film"></video><script type="module" src="/page.js"></script></body></html>`);
  for (const name of ['engine', 'node_modules', 'resources', 'package.json']) symlinkSync(path.join(root, name), path.join(project, name));
  return output;
}
