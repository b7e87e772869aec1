import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sendText } from './responses.ts';
import { parseRange } from './byte-range.ts';

/**
 * Sends a file or the part of it that is asked for. A player seeks by Range: without it every seek in a long film would
 * start over. `If-Range` with another ETag gets the whole file, because the part would belong to an older one.
 */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: string, contentType: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isFile() !== true) { sendText(response, 404, 'This file is not there now.'); return; }
  const tag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`;
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === tag ? parseRange(request.headers.range, stats.size) : 'whole';
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', tag);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${stats.size}`);
    sendText(response, 416, 'This part is not in the file.');
    return;
  }
  if (range === 'whole' && request.headers['if-none-match'] === tag) { response.writeHead(304).end(); return; }
  const { start, end } = range === 'whole' ? { start: 0, end: stats.size - 1 } : range;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', end - start + 1);
  if (range !== 'whole') response.setHeader('Content-Range', `bytes ${start}-${end}/${stats.size}`);
  response.writeHead(range === 'whole' ? 200 : 206);
  if (request.method === 'HEAD' || end < start) { response.end(); return; }
  // A player that seeks drops the connection: that ends the reading too, and is no error.
  await pipeline(createReadStream(file, { start, end }), response).catch(() => { response.destroy(); });
}
