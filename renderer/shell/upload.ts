import { LongtakeError } from '../../engine/protocol/errors.ts';
import type { BringInOptions } from './shell.ts';

/**
 * Copies a file to the engine's machine: a browser does not say where a dropped file lies. Resolves with its path there.
 * XMLHttpRequest, because fetch reports no progress of what it sends.
 */
export function upload(file: File, address: string, { signal, onProgress }: BringInOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = new XMLHttpRequest();
  request.open('PUT', address);
  request.upload.addEventListener('progress', (event) => { onProgress?.(event.total > 0 ? event.loaded / event.total : 0); });
  request.addEventListener('load', () => {
    if (request.status === 200 || request.status === 201) resolve((JSON.parse(request.responseText) as { path: string }).path);
    else reject(new LongtakeError(request.status === 507 ? 'disk-full' : 'file-unreadable', request.responseText.trim() || `"${file.name}" was refused (${request.status}).`));
  });
  request.addEventListener('error', () => { reject(new LongtakeError('file-unreadable', `"${file.name}" could not be copied: the connection to Longtake was lost. Drop it again.`)); });
  request.addEventListener('abort', () => { reject(new LongtakeError('cancelled', 'Stopped.')); });
  signal?.addEventListener('abort', () => { request.abort(); }, { once: true });
  request.send(file);
  return promise;
}
