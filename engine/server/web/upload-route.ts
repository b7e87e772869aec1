import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLongtakeError, type ErrorCode } from '../../protocol/errors.ts';
import { openHome } from '../../pipeline/home.ts';
import { receiveUpload } from '../../pipeline/uploads.ts';
import { sendText } from './responses.ts';

export const uploadPrefix = '/upload/';

const statusOf: Partial<Record<ErrorCode, number>> = { 'bad-argument': 400, 'disk-full': 507, 'file-unreadable': 400 };

/**
 * `PUT /upload/<name>`: a browser does not say where a dropped file lies, so it sends the bytes. Answers `{path}`, which
 * is then added like any other; an aborted request leaves nothing behind. `?beside=<path>`: subtitles of a video that was sent before.
 */
export async function takeUpload(request: IncomingMessage, response: ServerResponse, encodedName: string, beside: string | undefined): Promise<void> {
  const byteLength = Number(request.headers['content-length'] ?? Number.NaN);
  // A refused body is not read to its end: the connection goes with it.
  response.setHeader('Connection', 'close');
  if (!Number.isSafeInteger(byteLength)) { sendText(response, 411, 'The length of the file must be said before it is sent.'); return; }
  try {
    const path = await receiveUpload(openHome(), decodeURIComponent(encodedName), byteLength, request, beside);
    response.writeHead(201, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify({ path }));
  } catch (error) {
    if (error instanceof URIError) sendText(response, 400, 'The name of the file is not readable.');
    else if (isLongtakeError(error)) sendText(response, statusOf[error.code] ?? 500, error.message);
    else throw error;
  }
}
