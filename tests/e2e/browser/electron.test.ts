import { desktop, desktopKeeping } from './flows/desktop.ts';
import { describeApp } from './flows.ts';

// Over the double of Electron; `npm run test:electron` runs it over Electron itself.
describeApp(process.env['LONGTAKE_TEST_SHELL'] === 'electron' ? 'electron' : 'electron-double', [desktop, desktopKeeping]);
