import { isLongtakeError, LongtakeError } from '../../engine/protocol/errors.ts';
import { fileNameOf } from '../format/paths.ts';

/** A refusal by the file's name: where a browser's copy of it lies is nobody's concern. A sentence without it gets it before. */
export function saidOf(path: string, message: string): { readonly text: string; readonly subject?: string } {
  const name = fileNameOf(path);
  const text = message.replaceAll(JSON.stringify(path), JSON.stringify(name)).replaceAll(path, name);
  return text.includes(name) ? { text } : { text, subject: name };
}

/** The same error, said of the file as the person knows it. */
export function withFileName(path: string, error: unknown): unknown {
  if (!isLongtakeError(error) || error.code === 'cancelled' || error.code === 'connection-lost') return error;
  const { text, subject } = saidOf(path, error.message);
  return new LongtakeError(error.code, subject === undefined ? text : `${subject}: ${text}`, error.data, { cause: error });
}
