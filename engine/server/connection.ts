import { z } from 'zod';
import { clientMessageSchema, protocolVersion, toWireError, type ClientMessage, type ServerMessage, type Transport } from '../protocol/envelope.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { isStream, streams, type Stream, type StreamEvent, type StreamParams } from '../protocol/events.ts';
import { isMethod, methods, type MethodHandlers, type RequestContext } from '../protocol/methods.ts';

/** Starts a stream: calls `push` with the whole state and after changes, until the signal fires. Throws where there is nothing to watch. */
export type StreamSources = {
  readonly [Name in Stream]: (params: StreamParams<Name>, push: (event: StreamEvent<Name>) => void, context: StreamContext) => void;
};
export type StreamContext = { readonly signal: AbortSignal; readonly fail: (error: unknown) => void };

export type Service = {
  readonly version: string; readonly handlers: MethodHandlers; readonly sources: StreamSources;
  /**
   * Whether this engine has closed its library and ends next, so that another opens it. What fails meanwhile fails for that reason and is not
   * answered: the connection ends with the engine, and whoever may ask again asks the next.
   */
  readonly isClosing?: () => boolean;
};

/** How many requests and streams one client may have open: far above what a window needs, far below what hurts. */
const maximumOpen = 256;

/** Serves one client until its transport closes; then everything that it has asked for and not got is cancelled. */
export function serveConnection(transport: Transport, service: Service): void {
  const open = new Map<number, AbortController>();
  let greeted = false;
  const send = (message: ServerMessage): void => { transport.send(message); };

  const refuse = (error: unknown): void => {
    send({ type: 'error', error: toWireError(error) });
    transport.close();
  };

  const begin = (id: number): AbortController => {
    if (open.has(id)) throw new LongtakeError('bad-argument', `The id ${id} is in use by this connection. Use another one.`, { id });
    if (open.size >= maximumOpen) throw new LongtakeError('bad-argument', `${maximumOpen} requests and streams are open. End some first.`);
    const controller = new AbortController();
    open.set(id, controller);
    return controller;
  };

  const request = async ({ id, method, params }: ClientMessage & { type: 'request' }): Promise<void> => {
    const controller = begin(id);
    try {
      const result = await callMethod(service.handlers, method, params, {
        signal: controller.signal,
        onProgress: (progress) => { if (!controller.signal.aborted) send({ type: 'progress', id, progress }); },
      }).catch(async (error: unknown) => {
        // What has closed the library says itself what has become of it.
        if (method !== 'library.move' && service.isClosing?.() === true) await new Promise<never>(() => undefined);
        throw error;
      });
      send({ type: 'reply', id, result });
    } finally {
      open.delete(id);
    }
  };

  const subscribe = ({ id, stream, params }: ClientMessage & { type: 'subscribe' }): void => {
    if (!isStream(stream)) throw new LongtakeError('bad-argument', `There is no stream "${stream}".`, { stream });
    const controller = begin(id);
    const { signal } = controller;
    const fail = (error: unknown): void => {
      if (signal.aborted || service.isClosing?.() === true) return;
      controller.abort();
      open.delete(id);
      send({ type: 'error', id, error: toWireError(error) });
    };
    const push = (event: unknown): void => { if (!signal.aborted) send({ type: 'event', id, event: streams[stream].event.parse(event) }); };
    try {
      const start = service.sources[stream] as (params: unknown, push: (event: unknown) => void, context: StreamContext) => void;
      start(parseParams(streams[stream].params, params, stream), push, { signal, fail });
    } catch (error) {
      fail(error);
    }
  };

  const end = (id: number): void => { open.get(id)?.abort(); };

  transport.onMessage((raw) => {
    const parsed = clientMessageSchema.safeParse(raw);
    if (!parsed.success) { refuse(new LongtakeError('bad-argument', `This is no message of the protocol: ${z.prettifyError(parsed.error)}`)); return; }
    const message = parsed.data;
    if (!greeted && message.type !== 'hello') { refuse(new LongtakeError('bad-argument', 'The first message is "hello".')); return; }
    switch (message.type) {
      case 'hello':
        if (message.version !== protocolVersion) { refuse(otherVersion(message.version)); return; }
        greeted = true;
        send({ type: 'hello', version: protocolVersion, engine: service.version });
        return;
      case 'request':
        request(message).catch((error: unknown) => { send({ type: 'error', id: message.id, error: toWireError(error) }); });
        return;
      case 'subscribe':
        try { subscribe(message); } catch (error) { send({ type: 'error', id: message.id, error: toWireError(error) }); }
        return;
      case 'cancel': end(message.id); return;
      case 'unsubscribe': end(message.id); open.delete(message.id); return;
      default: message satisfies never;
    }
  });
  transport.onClose(() => { for (const controller of open.values()) controller.abort(); });
}

/** Runs a method by its name, with parameters and result parsed by its schemas. Throws what it throws, and `bad-argument`. */
export async function callMethod(handlers: MethodHandlers, method: string, params: unknown, context: RequestContext): Promise<unknown> {
  if (!isMethod(method)) throw new LongtakeError('bad-argument', `There is no method "${method}".`, { method });
  const handler = handlers[method] as (params: unknown, context: RequestContext) => unknown;
  return methods[method].result.parse(await handler(parseParams(methods[method].params, params, method), context));
}

function parseParams(schema: z.ZodType, params: unknown, name: string): unknown {
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  // The sentence may be read by a person whose window or script has a fault; what the schema says of it is for who mends that.
  const parts = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'its parameters')))];
  throw new LongtakeError('bad-argument', `${name} does not take what it was given for ${parts.join(', ')}. Try something else; where that does not help, reload the window.`,
    { name, issues: z.prettifyError(parsed.error) });
}

function otherVersion(version: number): LongtakeError {
  return new LongtakeError('newer-version', `This window speaks version ${version} of Longtake's protocol and the engine version ${protocolVersion}. `
    + 'Reload the window; if that does not help, close all of Longtake and start it again.', { version, engineVersion: protocolVersion });
}
