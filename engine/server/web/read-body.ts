import type { IncomingMessage } from 'node:http';
import { LongtakeError } from '../../protocol/errors.ts';

/** The whole body of a request as text. Throws `bad-argument` for one that is longer than `mostBytes`. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let byteLength = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    byteLength += part.length;
    if (byteLength > mostBytes) throw new LongtakeError('bad-argument', `The body is longer than ${mostBytes} bytes.`, { parameter: 'body' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
