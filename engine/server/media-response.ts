import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { parseRange } from './byte-range.ts';
import type { Resource } from './resource.ts';

export type MediaRequest = {
  readonly method: string;
  /** Names in lower case, as Node gives them; of a `Headers` object: `Object.fromEntries(headers)`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

export type MediaResponse = {
  readonly status: 200 | 206 | 304 | 404 | 405 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Whoever sends it destroys a stream that is not read to its end: a player that seeks drops the connection. */
  readonly body: Readable | Uint8Array | undefined;
};

const caching: Readonly<Record<Resource['caching'], string>> = {
  'no-store': 'no-store', 'no-cache': 'private, no-cache', immutable: 'private, max-age=31536000, immutable',
};

/**
 * What a shell answers to a request for a resource. A player seeks by Range: without it every seek in a long film would
 * start over. `If-Range` with another ETag gets the whole file, because the part would belong to an older one.
 */
export async function answerMedia(request: MediaRequest, resource: Resource | undefined): Promise<MediaResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
  if (resource === undefined) return text(404, 'There is nothing here.');
  const found = await measure(resource);
  if (found === undefined) return text(404, 'This file is not where it was. Relink it in the library.');
  const { byteLength, tag } = found;
  const shared: Record<string, string> = {
    'Accept-Ranges': 'bytes', 'Cache-Control': caching[resource.caching], ...(tag !== undefined && { ETag: tag }),
    ...(resource.downloadName !== undefined && { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(resource.downloadName)}` }),
  };
  const ifRange = header(request, 'if-range');
  const range = ifRange === undefined || ifRange === tag ? parseRange(header(request, 'range'), byteLength) : 'whole';
  if (range === 'unsatisfiable') return text(416, 'This part is not in the file.', { ...shared, 'Content-Range': `bytes */${byteLength}` });
  if (range === 'whole' && tag !== undefined && header(request, 'if-none-match') === tag) return { status: 304, headers: shared, body: undefined };
  const { start, end } = range === 'whole' ? { start: 0, end: byteLength - 1 } : range;
  return {
    status: range === 'whole' ? 200 : 206,
    headers: {
      ...shared, 'Content-Type': resource.contentType, 'Content-Length': String(end - start + 1),
      ...(range !== 'whole' && { 'Content-Range': `bytes ${start}-${end}/${byteLength}` }),
    },
    body: request.method === 'HEAD' || end < start ? undefined : read(resource, start, end),
  };
}

async function measure(resource: Resource): Promise<{ readonly byteLength: number; readonly tag: string | undefined } | undefined> {
  if (resource.kind === 'bytes') return { byteLength: resource.bytes.byteLength, tag: undefined };
  const stats = await stat(resource.path).catch(() => undefined);
  if (stats?.isFile() !== true) return undefined;
  return { byteLength: stats.size, tag: `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"` };
}

/** Both ends inclusive. */
function read(resource: Resource, start: number, end: number): Readable | Uint8Array {
  return resource.kind === 'bytes' ? resource.bytes.subarray(start, end + 1) : createReadStream(resource.path, { start, end });
}

function header({ headers }: MediaRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function text(status: MediaResponse['status'], sentence: string, headers: Readonly<Record<string, string>> = {}): MediaResponse {
  return { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }, body: Buffer.from(`${sentence}\n`) };
}
