import { realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { sendText } from './responses.ts';
import { sendFile } from './send-file.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.map': 'application/json', '.webmanifest': 'application/manifest+json',
};

/** A file of the built renderer. Nothing outside of its folder, links that lead out of it included, and only kinds that a renderer has. */
export async function sendStatic(request: IncomingMessage, response: ServerResponse, directory: string, pathname: string): Promise<void> {
  const file = await resolveInside(directory, pathname === '/' ? '/index.html' : pathname);
  const contentType = contentTypes[path.extname(file ?? '').toLowerCase()];
  if (file === undefined || contentType === undefined) { sendText(response, 404, 'There is nothing here.'); return; }
  // Names under assets/ carry a hash of their content.
  const caching = pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
  await sendFile(request, response, file, contentType, { 'Cache-Control': caching });
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
