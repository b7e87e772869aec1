import type { ServerResponse } from 'node:http';
import { toWireError, type WireError } from '../../protocol/envelope.ts';
import { isLongtakeError, LongtakeError, type ErrorCode } from '../../protocol/errors.ts';

/** An error as OpenAI's API says it; `code` is ours but for two that clients know. */
export type ApiError = { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string };

const statusOf: Partial<Record<ErrorCode, number>> = {
  'bad-argument': 400, 'question-empty': 400, 'question-too-long': 400, 'no-frames': 400, 'memory-mismatch': 400,
  'file-not-found': 404, 'not-found': 404, 'model-not-found': 404, 'not-a-video': 400, 'no-video-stream': 400, 'file-unreadable': 400,
  'library-busy': 503, 'connection-lost': 503, 'cancelled': 503,
};
/** What nobody is to try again by themselves: it would fail as often, or do what a person has just stopped. */
const isFinal = (status: number, code: string): boolean => status === 500 || code === 'cancelled';
/** What OpenAI's API says in their place, which clients look for. */
const knownCodes: Partial<Record<ErrorCode, string>> = { 'question-too-long': 'context_length_exceeded', 'model-not-found': 'model_not_found' };

/** A request that cannot be answered as it is; `parameter` says what of it. */
export function refusal(parameter: string, message: string, code: ErrorCode = 'bad-argument'): LongtakeError {
  return new LongtakeError(code, message, { parameter });
}

export function toApiError(error: unknown): { readonly status: number; readonly error: ApiError } {
  const { code, message, data }: WireError = toWireError(error);
  const status = isLongtakeError(error) ? statusOf[code] ?? 500 : 500;
  const parameter = data['parameter'];
  return {
    status,
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param: typeof parameter === 'string' ? parameter : null, code: knownCodes[code] ?? code },
  };
}

export function sendApiError(response: ServerResponse, status: number, error: ApiError): void {
  // The official clients try what failed here twice more; an hour's question would fail three times.
  sendJson(response, status, { error }, isFinal(status, error.code) ? { 'x-should-retry': 'false' } : {});
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers }).end(JSON.stringify(value));
}
