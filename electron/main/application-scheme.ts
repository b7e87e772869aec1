import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { applicationScheme, mediaScheme, pathOfAddress } from './addresses.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.map': 'application/json',
};

/** Nothing, and then what the page needs. Pictures and films come from the media scheme, the engine through the bridge. */
export function contentSecurityPolicy(styleNonce: string): string {
  return [
    "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${styleNonce}'`, `img-src 'self' data: blob: ${mediaScheme}:`,
    `media-src ${mediaScheme}: blob:`, "font-src 'self'", `connect-src 'self' ${mediaScheme}:`, "worker-src 'self'",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "frame-src 'none'", "object-src 'none'",
  ].join('; ');
}

/** Answers `app://longtake/…` with the files of the built renderer, and nothing outside of its folder. */
export function serveApplication(directory: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const file = fileOf(directory, request.url);
    const contentType = contentTypes[path.extname(file ?? '').toLowerCase()];
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.');
    if (file === undefined || contentType === undefined) return refuse(404, 'There is nothing here.');
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) {
      return refuse(404, path.basename(file) === 'index.html' ? 'The interface is not built. "npm start" builds it.' : 'There is nothing here.');
    }
    const nonce = randomBytes(16).toString('base64');
    const body = contentType.startsWith('text/html') ? bytes.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : bytes;
    return new Response(request.method === 'HEAD' ? null : body, { headers: headers(contentType, nonce) });
  };
}

function headers(contentType: string, nonce: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  };
}

function refuse(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, { status, headers: headers('text/plain; charset=utf-8', randomBytes(16).toString('base64')) });
}

function fileOf(directory: string, address: string): string | undefined {
  const pathname = pathOfAddress(applicationScheme, address);
  if (pathname === undefined) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  } catch {
    return undefined;
  }
  // After decoding, because %2e%2e and %5c are parts of a name for a URL and not for a file system.
  if (decoded.includes('\0') || decoded.includes('\\') || decoded.split('/').includes('..')) return undefined;
  const file = path.join(directory, decoded);
  return file.startsWith(directory + path.sep) ? file : undefined;
}
