import { z } from 'zod';
import { isLongtakeError, type ErrorCode } from './errors.ts';

/** Raised whenever an older client could misread a newer engine, or the other way round (docs/protocol.md). */
export const protocolVersion = 1;

/** The longest message that is accepted, in bytes of JSON. */
export const maximumMessageBytes = 1024 * 1024;

/** A request or subscription, by the client's own number; it is free again after its reply, error or end. */
const id = z.int().nonnegative();

/** What a client may send. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), version: z.int() }),
  z.strictObject({ type: z.literal('request'), id, method: z.string().max(100), params: z.unknown().optional() }),
  z.strictObject({ type: z.literal('cancel'), id }),
  z.strictObject({ type: z.literal('subscribe'), id, stream: z.string().max(100), params: z.unknown().optional() }),
  z.strictObject({ type: z.literal('unsubscribe'), id }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

const progressSchema = z.object({
  stage: z.enum(['prepare-model', 'download', 'encode', 'memory', 'answer', 'export', 'import', 'verify', 'move', 'proxy', 'waveform', 'chapter-cuts', 'chapters', 'summary']),
  done: z.number(),
  total: z.number().exactOptional(),
  etaSeconds: z.number().exactOptional(),
});

/** How an error crosses. The code is the contract; the message is for people. */
export const wireErrorSchema = z.object({ code: z.string().transform((code) => code as ErrorCode), message: z.string(), data: z.record(z.string(), z.unknown()) });
export type WireError = z.infer<typeof wireErrorSchema>;

/** Any error as it crosses: what is not ours is `internal`, with its own words for a bug report. */
export function toWireError(error: unknown): WireError {
  if (isLongtakeError(error)) return { code: error.code, message: error.message, data: { ...error.data } };
  return { code: 'internal', message: `Something inside Longtake failed: ${error instanceof Error ? error.message : String(error)}`, data: {} };
}

/** What an engine sends. An `error` without an id is about the connection, which ends with it. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.int(), engine: z.string() }),
  z.object({ type: z.literal('reply'), id, result: z.unknown() }),
  z.object({ type: z.literal('error'), id: id.exactOptional(), error: wireErrorSchema }),
  z.object({ type: z.literal('progress'), id, progress: progressSchema }),
  z.object({ type: z.literal('event'), id, event: z.unknown() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/**
 * Carries messages of one connection, in order, as plain JSON values. A shell implements it: a socket, a port of a child
 * process. `onMessage` and `onClose` are called once, before anything can arrive.
 */
export type Transport = {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
};
