/**
 * Electron's main process: one window over the engine, which runs in a plain Node of its own. It keeps nothing worth
 * losing: where the window was, and what the page said last about menu and quitting.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app, nativeTheme, protocol, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { startEngineProcess } from '../../engine/server/engine-process.ts';
import { channels } from '../shell-channel.ts';
import { applicationScheme, mediaScheme } from './addresses.ts';
import { serveApplication } from './application-scheme.ts';
import { locateEngine } from './engine-location.ts';
import { joinEngine } from './engine-port.ts';
import { lockContents, lockProcesses, lockSession } from './lockdown.ts';
import { agreesToNoSandbox, isSandboxSettled } from './missing-sandbox.ts';
import { serveMedia } from './media-scheme.ts';
import { showFirstMenu, showMenu } from './menu.ts';
import { OpenedFiles, pathsOfCommandLine } from './opened-files.ts';
import { listenToPages } from './page-messages.ts';
import { Quitting } from './quitting.ts';
import { reloadOnFailure } from './window-failure.ts';
import { WindowState } from './window-state.ts';
import { openWindow } from './window.ts';

/** Put in by the build (electron/build.ts). */
declare const __LONGTAKE_VERSION__: string;

const mainDirectory = import.meta.dirname;
const handedOverSchema = z.object({ paths: z.array(z.string()) });

lockProcesses();
lockContents();
const privileges = { standard: true, secure: true, supportFetchAPI: true };
protocol.registerSchemesAsPrivileged([
  { scheme: applicationScheme, privileges: { ...privileges, codeCache: true } },
  { scheme: mediaScheme, privileges: { ...privileges, stream: true, corsEnabled: true } },
]);
app.setName('Longtake');
app.setAboutPanelOptions({ applicationName: 'Longtake', applicationVersion: __LONGTAKE_VERSION__, copyright: 'Apache License 2.0' });
// An app with a library of its own is an app of its own: with its own lock, window and storage.
// Otherwise not Electron's own choice either: on macOS that is the folder of the library.
const home = process.env['LONGTAKE_HOME'];
const userData = home === undefined || home === '' ? path.join(app.getPath('appData'), 'Longtake Desktop') : path.join(path.resolve(home), 'desktop');
mkdirSync(userData, { recursive: true }); // Electron takes only one that is there
app.setPath('userData', userData);

const opened = new OpenedFiles();
const paths = pathsOfCommandLine(process.argv, process.cwd(), app.isPackaged);
// The first instance gets the paths already resolved: Chromium adds to and reorders a command line on its way.
if (!app.requestSingleInstanceLock({ paths })) app.quit();
else if (isSandboxSettled()) run();
else void app.whenReady().then(agreesToNoSandbox).then((agrees) => { if (agrees) run(); else app.quit(); });

function run(): void {
  const { node, entry, renderer } = locateEngine({ packaged: app.isPackaged, resourcesPath: process.resourcesPath, mainDirectory, environment: process.env });
  // The engine is TypeScript in a package too: what Node has made of it once is kept, which halves its start.
  const engine = startEngineProcess({ node, entry, offersPrograms: true, environment: { NODE_COMPILE_CACHE: path.join(userData, 'compiled') } });
  const quitting = new Quitting(async () => { await engine[Symbol.asyncDispose](); });
  const state = new WindowState(path.join(userData, 'window.json'));
  let window: BrowserWindow | undefined;

  const open = (): void => {
    const made = openWindow(state, mainDirectory);
    window = made;
    quitting.guard(made);
    reloadOnFailure(made);
    made.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => { if (isMainFrame && !isSameDocument) opened.pause(); });
    made.on('closed', () => {
      opened.pause();
      window = undefined;
    });
  };
  const show = (): void => {
    if (window === undefined) { if (app.isReady()) open(); return; }
    if (window.isMinimized()) window.restore();
    window.focus();
  };

  listenToPages({
    setMenu: (asking, model) => { showMenu(model, (id) => { if (!asking.isDestroyed()) asking.webContents.send(channels.action, id); }); },
    setBusy: (_asking, busy) => { quitting.setBusy(busy); },
    setTheme: (_asking, theme) => {
      nativeTheme.themeSource = theme;
      state.keepTheme(theme);
    },
    takesFiles: (asking) => { opened.listen((files) => { asking.webContents.send(channels.openFiles, files); }); },
  }, (event) => { for (const port of event.ports) joinEngine(port, engine); });

  opened.add(paths);
  app.on('open-file', (event, file) => {
    event.preventDefault();
    opened.add([file]);
    show();
  });
  app.on('second-instance', (_event, _argv, _workingDirectory, handedOver) => {
    const parsed = handedOverSchema.safeParse(handedOver);
    if (parsed.success) opened.add(parsed.data.paths);
    show();
  });
  app.on('activate', show);
  app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit(); });
  quitting.listen(() => window);

  void app.whenReady().then(() => {
    lockSession();
    protocol.handle(applicationScheme, serveApplication(renderer));
    protocol.handle(mediaScheme, serveMedia(engine));
    showFirstMenu();
    open();
  });
}
