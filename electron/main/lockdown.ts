import { app, session, type WebContents } from 'electron';
import { applicationOrigin, applicationScheme, isOurs, mediaScheme, pathOfAddress } from './addresses.ts';

/** What a page may ask of the system: a film over the whole screen, and nothing else. */
const grantedPermissions: ReadonlySet<string> = new Set(['fullscreen']);

/** Before `ready`: no process without its sandbox, and no name of the network resolves. */
export function lockProcesses(): void {
  app.enableSandbox();
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Whatever is made later, by us or by mistake, is held to the same rules. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => { lock(contents); });
}

function lock(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => { if (!isOurs(event.url)) event.preventDefault(); };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => { event.preventDefault(); });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Once `ready`: permissions are refused, and so is every request that is not for the app's own two schemes. */
export function lockSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((contents, permission, answer) => { answer(grantedPermissions.has(permission) && isOurs(contents.getURL())); });
  own.setPermissionCheckHandler((_contents, permission, origin) => grantedPermissions.has(permission) && origin.replace(/\/$/u, '') === applicationOrigin);
  own.setDevicePermissionHandler(() => false);
  own.on('will-download', (event) => { event.preventDefault(); }); // files are written where the user was asked, not where a page says
  own.setSpellCheckerEnabled(false); // it would fetch dictionaries
  own.webRequest.onBeforeRequest((request, answer) => { answer({ cancel: !isAllowed(request.url) }); });
}

/** Developer tools are pages of Chromium's own. `blob:` and `data:` carry what the page itself made. */
export function isAllowed(address: string): boolean {
  const scheme = URL.parse(address)?.protocol;
  return scheme === 'blob:' || scheme === 'data:' || scheme === 'devtools:'
    || pathOfAddress(applicationScheme, address) !== undefined || pathOfAddress(mediaScheme, address) !== undefined;
}
