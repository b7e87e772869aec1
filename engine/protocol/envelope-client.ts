import { protocolVersion, serverMessageSchema, type ServerMessage, type Transport } from './envelope.ts';
import { LongtakeError, throwIfCancelled } from './errors.ts';
import { streams, type Stream, type StreamEvent, type Streams } from './events.ts';
import { methods, type Method, type MethodInput, type MethodResult } from './methods.ts';
import type { WorkOptions } from './progress.ts';
import type { z } from 'zod';

export type SubscribeOptions = { readonly onError?: (error: LongtakeError) => void };

/** An engine, as a client sees it. The renderer, tests and scripts speak through this and a transport. */
export type EngineClient = {
  /** Version of the engine, once it has said hello. Rejects where it refuses this client, or the connection ends before. */
  readonly ready: Promise<string>;
  request<Name extends Method>(method: Name, params: MethodInput<Name>, options?: WorkOptions): Promise<MethodResult<Name>>;
  /** Returns what ends the subscription. */
  subscribe<Name extends Stream>(
    stream: Name, params: z.input<Streams[Name]['params']>, onEvent: (event: StreamEvent<Name>) => void, options?: SubscribeOptions): () => void;
  close(): void;
};

type Pending = {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LongtakeError) => void;
  readonly options: WorkOptions;
};

export function connectEngine(transport: Transport): EngineClient {
  let nextId = 0;
  const pending = new Map<number, Pending>();
  const subscriptions = new Map<number, { onEvent: (event: unknown) => void; onError: (error: LongtakeError) => void }>();
  const hello = Promise.withResolvers<string>();
  hello.promise.catch(() => undefined); // whoever awaits `ready` sees it

  let ended: LongtakeError | undefined;
  const end = (error: LongtakeError): void => {
    ended ??= error;
    hello.reject(error);
    for (const { reject } of pending.values()) reject(error);
    for (const { onError } of subscriptions.values()) onError(error);
    pending.clear();
    subscriptions.clear();
  };

  const take = (message: ServerMessage): void => {
    switch (message.type) {
      case 'hello': hello.resolve(message.engine); return;
      case 'reply': pending.get(message.id)?.resolve(message.result); pending.delete(message.id); return;
      case 'progress': pending.get(message.id)?.options.onProgress?.(message.progress); return;
      case 'event': subscriptions.get(message.id)?.onEvent(message.event); return;
      case 'error': {
        const error = new LongtakeError(message.error.code, message.error.message, message.error.data);
        if (message.id === undefined) { end(error); return; }
        pending.get(message.id)?.reject(error);
        subscriptions.get(message.id)?.onError(error);
        pending.delete(message.id);
        subscriptions.delete(message.id);
        return;
      }
      default: message satisfies never;
    }
  };

  transport.onMessage((raw) => {
    const parsed = serverMessageSchema.safeParse(raw);
    if (parsed.success) take(parsed.data);
  });
  transport.onClose(() => { end(new LongtakeError('connection-lost', 'The connection to the engine has ended. What was done is kept; ask again once Longtake is there.')); });
  transport.send({ type: 'hello', version: protocolVersion });

  return {
    ready: hello.promise,
    async request(method, params, options = {}) {
      await hello.promise;
      if (ended !== undefined) throw ended;
      throwIfCancelled(options.signal);
      const id = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      pending.set(id, { resolve, reject, options });
      const cancel = (): void => { transport.send({ type: 'cancel', id }); };
      options.signal?.addEventListener('abort', cancel, { once: true });
      transport.send({ type: 'request', id, method, params });
      try {
        return methods[method].result.parse(await promise) as MethodResult<typeof method>;
      } finally {
        options.signal?.removeEventListener('abort', cancel);
      }
    },
    subscribe(stream, params, onEvent, { onError } = {}) {
      const id = nextId++;
      subscriptions.set(id, {
        onEvent: (event) => { onEvent(streams[stream].event.parse(event) as StreamEvent<typeof stream>); },
        onError: (error) => { onError?.(error); },
      });
      hello.promise.then(() => { if (subscriptions.has(id)) transport.send({ type: 'subscribe', id, stream, params }); }, () => undefined);
      return () => {
        if (subscriptions.delete(id)) transport.send({ type: 'unsubscribe', id });
      };
    },
    close() { transport.close(); },
  };
}
