/**
 * The two addresses that there are in the app. Everything else is another site's: refused in navigation, requests and
 * messages. Addresses are compared after parsing, because `app://longtake.evil/` begins like ours.
 */
export const applicationScheme = 'app';
export const mediaScheme = 'media';
const host = 'longtake';

export const startAddress = `${applicationScheme}://${host}/`;
export const applicationOrigin = `${applicationScheme}://${host}`;

/** The path of an address of the scheme, still encoded; undefined where it is another's. */
export function pathOfAddress(scheme: string, address: string): string | undefined {
  const url = URL.parse(address);
  return url?.protocol === `${scheme}:` && url.host === host && url.username === '' && url.password === '' ? url.pathname : undefined;
}

export function isOurs(address: string): boolean {
  return pathOfAddress(applicationScheme, address) !== undefined;
}
