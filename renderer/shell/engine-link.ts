import { connectEngine, type EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { Transport } from '../../engine/protocol/envelope.ts';
import type { LongtakeError} from '../../engine/protocol/errors.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { Stream, StreamEvent, Streams } from '../../engine/protocol/events.ts';
import type { Method, MethodInput, MethodResult } from '../../engine/protocol/methods.ts';
import type { WorkOptions } from '../../engine/protocol/progress.ts';
import type { z } from 'zod';

export type LinkState = 'connecting' | 'connected' | 'lost' | 'refused';

/**
 * An engine that may end and come back. Requests go to the one that is there, or wait for it; subscriptions are made
 * again with every new one, and streams begin with the whole state, so a listener never has to know.
 */
export type EngineLink = {
  request<Name extends Method>(method: Name, params: MethodInput<Name>, options?: WorkOptions): Promise<MethodResult<Name>>;
  subscribe<Name extends Stream>(stream: Name, params: z.input<Streams[Name]['params']>, onEvent: (event: StreamEvent<Name>) => void, onError?: (error: LongtakeError) => void): () => void;
  /** Called at once with the present state. Returns what ends the listening. */
  onState(listener: (state: LinkState, error?: LongtakeError) => void): () => void;
  close(): void;
};

const firstPauseMs = 200;
const longestPauseMs = 3000;

type Subscription = { open(client: EngineClient): () => void; end: () => void };

export function linkEngine(connect: () => Transport): EngineLink {
  const listeners = new Set<(state: LinkState, error?: LongtakeError) => void>();
  const subscriptions = new Set<Subscription>();
  let state: LinkState = 'connecting';
  let reason: LongtakeError | undefined;
  let pauseMs = firstPauseMs;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client = open();

  function become(next: LinkState, error?: LongtakeError): void {
    state = next;
    reason = error;
    for (const listener of listeners) listener(next, error);
  }

  function open(): EngineClient {
    const transport = connect();
    const opened = connectEngine({
      ...transport,
      onClose(listener) { transport.onClose(() => { listener(); lost(opened); }); },
    });
    opened.ready.then(() => {
      pauseMs = firstPauseMs;
      become('connected');
      for (const subscription of subscriptions) subscription.end = subscription.open(opened);
    }, (error: unknown) => {
      // Another version will refuse again: that is for the person to solve. Anything else is tried again.
      if (isLongtakeError(error, 'newer-version')) { closed = true; become('refused', error); }
    });
    return opened;
  }

  function lost(ended: EngineClient): void {
    if (closed || ended !== client) return;
    become('lost');
    timer = setTimeout(() => { client = open(); }, pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }

  return {
    request: (method, params, options) => client.request(method, params, options),
    subscribe(stream, params, onEvent, onError) {
      const subscription: Subscription = {
        open: (opened) => opened.subscribe(stream, params, onEvent, {
          // A connection that ended comes back by itself; only what the engine refused is for the listener.
          onError: (error) => { if (error.code !== 'internal') onError?.(error); },
        }),
        end: () => undefined,
      };
      subscriptions.add(subscription);
      if (state === 'connected') subscription.end = subscription.open(client);
      return () => { if (subscriptions.delete(subscription)) subscription.end(); };
    },
    onState(listener) {
      listeners.add(listener);
      listener(state, reason);
      return () => { listeners.delete(listener); };
    },
    close() {
      closed = true;
      clearTimeout(timer);
      client.close();
    },
  };
}
