import type { IncomingMessage } from 'node:http';
import { LongtakeError } from '../../protocol/errors.ts';
import { readCookie, sameToken } from './token.ts';

export type Verdict =
  | { readonly kind: 'allowed' }
  /** The first address carried the token: set the cookie, and go on without the token in the address bar. */
  | { readonly kind: 'welcome'; readonly location: string }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: string };

/** The addresses of this machine's loopback, as a `Host` or `--host` names them. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/gu, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(name);
}

/** Throws `bad-argument` for an address that other machines could reach. */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new LongtakeError('bad-argument', `${host} is not an address of this machine alone, and Longtake serves no other. From another machine, forward the port: `
    + 'ssh -L 8080:127.0.0.1:PORT this-machine, then open the printed address with 8080 in it.', { host });
}

/** What opens the host's doors. */
export type Access = {
  readonly token: string;
  readonly cookieName: string;
  /** Addresses that are handed to other programs hold a token for one visit: command lines can be read by everybody. */
  readonly visits: Set<string>;
};

/**
 * Decides about a request or socket. The port in `Host` may differ (a forwarded one does), its name must be the
 * loopback's: a name that an attacker's DNS points here is refused. A page of another origin is refused by its
 * `Origin`, and where browsers send none, by `Sec-Fetch-Site`.
 */
export function judge(request: IncomingMessage, { token, cookieName, visits }: Access): Verdict {
  const { host, origin, authorization, cookie } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (host === undefined || !isLoopback(host.replace(/:\d+$/u, ''))) return { kind: 'refused', status: 403, reason: 'This Host is not the loopback.' };
  if (origin !== undefined && origin !== `http://${host}`) return { kind: 'refused', status: 403, reason: 'This Origin is another one.' };
  const url = new URL(request.url ?? '/', `http://${host}`);
  const inAddress = url.searchParams.get('token');
  if (inAddress !== null && request.method === 'GET' && request.headers.upgrade === undefined && (sameToken(inAddress, token) || visits.delete(inAddress))) {
    url.searchParams.delete('token');
    return { kind: 'welcome', location: `${url.pathname}${url.search}` };
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { kind: 'refused', status: 403, reason: 'This page is of another site.' };
  const given = readCookie(cookie, cookieName) ?? /^Bearer (.+)$/u.exec(authorization ?? '')?.[1];
  if (!sameToken(given, token)) return { kind: 'refused', status: 401, reason: 'The token is missing or wrong. Open the address that Longtake has printed.' };
  return { kind: 'allowed' };
}
