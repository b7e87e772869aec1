import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { answerMedia } from '../media-response.ts';
import { securityHeaders } from './headers.ts';
import { sendMedia, sendText } from './responses.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.map': 'application/json', '.webmanifest': 'application/manifest+json',
};

/** What the built page holds wherever a nonce belongs. */
const noncePlaceholder = '__CSP_NONCE__';

/** A file of the built renderer. Nothing outside of its folder, links that lead out of it included, and only kinds that a renderer has. */
export async function sendStatic(request: IncomingMessage, response: ServerResponse, directory: string, pathname: string): Promise<void> {
  if (pathname === '/' || pathname === '/index.html') { await sendPage(request, response, directory); return; }
  const file = await resolveInside(directory, pathname);
  const contentType = contentTypes[path.extname(file ?? '').toLowerCase()];
  if (file === undefined || contentType === undefined) { sendText(response, 404, 'There is nothing here.'); return; }
  // Names under assets/ carry a hash of their content.
  const caching = pathname.startsWith('/assets/') ? 'immutable' : 'no-cache';
  await sendMedia(response, await answerMedia({ method: request.method ?? 'GET', headers: request.headers }, { kind: 'file', path: file, contentType, caching }));
}

/** Every answer has a nonce of its own, so none is kept. */
async function sendPage(request: IncomingMessage, response: ServerResponse, directory: string): Promise<void> {
  const page = await readFile(path.join(directory, 'index.html'), 'utf8');
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, { ...securityHeaders(nonce), 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : page.replaceAll(noncePlaceholder, nonce));
}

/** The file that a path of an address names; undefined where it is not there or not inside. */
export async function resolveInside(directory: string, pathname: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
  const root = await realpath(directory).catch(() => undefined);
  const file = root && await realpath(path.join(root, decoded)).catch(() => undefined);
  return root !== undefined && file?.startsWith(root + path.sep) === true ? file : undefined;
}
