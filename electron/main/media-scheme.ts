import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { EngineProcess } from '../../engine/server/engine-process.ts';
import { answerMedia } from '../../engine/server/media-response.ts';
import { applicationOrigin, mediaScheme, pathOfAddress } from './addresses.ts';

/** `video/<id>`, `thumbnail/<id>/<frame>` …: names of the engine, no path of a file system. */
const resourcePattern = /^\/([a-z]+(?:\/[\w.~-]+){1,3})$/u;

/** Another scheme is another origin, to which the page's `fetch` is let in by name. */
const shared = {
  'X-Content-Type-Options': 'nosniff', 'Access-Control-Allow-Origin': applicationOrigin,
  'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Length, Content-Range, ETag',
};

/**
 * Answers `media://longtake/<resource>`. Electron's `net.fetch` of a file drops Range, and with it every seek of a long
 * film starts at 0: the parts are read here.
 */
export function serveMedia(engine: Pick<EngineProcess, 'locate'>): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isAskedByUs(request)) return refuse(403, 'This page is of another site.');
    const name = resourcePattern.exec(pathOfAddress(mediaScheme, request.url) ?? '')?.[1];
    if (name === undefined || name.split('/').includes('..')) return refuse(404, 'There is nothing here.');
    try {
      const { status, headers, body } = await answerMedia({ method: request.method, headers: Object.fromEntries(request.headers) }, await engine.locate(name));
      return new Response(toWebBody(body), { status, headers: { ...headers, ...shared } });
    } catch (error) {
      return refuse(503, error instanceof Error ? error.message : 'The engine is being started.');
    }
  };
}

/** Electron says which origin a request is of; what the browser asks by itself has none. */
function isAskedByUs(request: Request): boolean {
  const origin = 'initiatorOrigin' in request ? request.initiatorOrigin : undefined;
  return origin === undefined || origin === applicationOrigin;
}

/** A stream that the page cancels destroys the one of the file, and with it closes the file. */
function toWebBody(body: Readable | Uint8Array | undefined): ReadableStream | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null;
  return body instanceof Readable ? Readable.toWeb(body) : new Uint8Array(body);
}

function refuse(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...shared } });
}
