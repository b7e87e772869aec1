import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How Electron marks the place of its fuses in its program (@electron/fuses looks for it), all of them as Electron ships them. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const shippedFuses = '100101011';

/**
 * What electron-builder takes from an unpacked Electron for Linux, without the 250 MB: the program is a file that holds
 * nothing but its fuses.
 */
export function makeElectronStandIn(directory: string): void {
  mkdirSync(path.join(directory, 'resources'), { recursive: true });
  mkdirSync(path.join(directory, 'locales'));
  const padding = Buffer.alloc(4096, 7);
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, shippedFuses.length]), Buffer.from(shippedFuses)]);
  writeFileSync(path.join(directory, 'electron'), Buffer.concat([padding, wire, padding]), { mode: 0o755 });
  for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) writeFileSync(path.join(directory, name), name, { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'resources/default_app.asar', 'locales/en-US.pak']) writeFileSync(path.join(directory, name), name);
}
