import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { MediaResponse } from '../media-response.ts';

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(`${text}\n`);
}

export async function sendMedia(response: ServerResponse, { status, headers, body }: MediaResponse): Promise<void> {
  response.writeHead(status, headers);
  if (body === undefined || body instanceof Uint8Array) { response.end(response.req.method === 'HEAD' ? undefined : body); return; }
  // A player that seeks drops the connection: that ends the reading too, and is no error.
  await pipeline(body, response).catch(() => { response.destroy(); });
}
