/**
 * `npm run test:electron`: the end-to-end tests that otherwise run over the double of Electron, over Electron itself.
 * Downloads nothing: where Electron's program is not there, it says how to get it. On Linux it needs a display
 * (`xvfb-run npm run test:electron` is one).
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findElectron, hasDisplay } from '../engine/server/shells.ts';
import { buildIfStale } from './build.ts';

const electron = findElectron();
if (electron === undefined) {
  console.error('There is no Electron here. "npx install-electron" fetches it (about 120 MB), or set LONGTAKE_ELECTRON to its program.');
  process.exit(1);
}
if (!hasDisplay()) {
  console.error('Electron needs a display. Try: xvfb-run npm run test:electron');
  process.exit(1);
}
await buildIfStale();
const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--test', path.join('tests', 'e2e', 'browser', 'electron.test.ts')], {
  cwd: path.dirname(import.meta.dirname), stdio: 'inherit', env: { ...process.env, LONGTAKE_ELECTRON: electron, LONGTAKE_TEST_SHELL: 'electron' },
});
process.exit(status ?? 1);
