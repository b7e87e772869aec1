import { connectEngine, type EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { Transport } from '../../engine/protocol/envelope.ts';
import { isLongtakeError, type LongtakeError } from '../../engine/protocol/errors.ts';
import type { Stream, StreamEvent, Streams } from '../../engine/protocol/events.ts';
import type { Method, MethodInput, MethodResult } from '../../engine/protocol/methods.ts';
import type { WorkOptions } from '../../engine/protocol/progress.ts';
import type { z } from 'zod';

/** `lost`: the engine is away, and its host brings it back. `restarted`: its host is another one now, which does not know this page. `ended`: there is no host any more. */
export type LinkState = 'connecting' | 'connected' | 'lost' | 'restarted' | 'ended' | 'refused';

/** Of the process that carries messages to the engine, seen from a page that has lost it. */
export type HostState = 'there' | 'restarted' | 'gone';

/** Nobody will bring the engine back: what was on its way is not done. */
export const hasEnded = (state: LinkState): boolean => state === 'restarted' || state === 'ended';

/**
 * An engine that may end and come back. Requests go to the one that is there, or wait for the next. One that was on its way
 * when an engine ended is asked again if it may be, and otherwise fails with `connection-lost`: nobody knows what became
 * of it. Subscriptions are made again with every new one, and streams begin with the whole state, so a listener never has
 * to know.
 */
export type EngineLink = {
  request<Name extends Method>(method: Name, params: MethodInput<Name>, options?: WorkOptions): Promise<MethodResult<Name>>;
  subscribe<Name extends Stream>(stream: Name, params: z.input<Streams[Name]['params']>, onEvent: (event: StreamEvent<Name>) => void, onError?: (error: LongtakeError) => void): () => void;
  /** Called at once with the present state. Returns what ends the listening. */
  onState(listener: (state: LinkState, error?: LongtakeError) => void): () => void;
  close(): void;
};

/**
 * What may be asked again: it changes nothing, or nothing more the second time. A request that an engine dies of does not
 * go on for ever: an engine that keeps dying is given up, and refuses with its reason.
 */
const repeatable: ReadonlySet<Method> = new Set<Method>([
  'app.info', 'app.diagnostics', 'settings.change', 'library.get', 'library.list', 'library.rename', 'memory.info', 'memory.frames', 'suggestions.list',
  'video.subtitles', 'waveform.get', 'search.all', 'files.list', 'storage.get', 'queue.forecast', 'queue.pause', 'models.catalogue', 'models.stopLoading',
  'folders.rename', 'folders.put', 'surveys.stop', 'surveys.export',
  'chapters.get', 'chapters.stop', 'chapters.rename', 'chapters.export',
  'conversations.rename', 'conversations.export', 'messages.lookedAt', 'messages.select', 'messages.stop',
]);

const firstPauseMs = 200;
const longestPauseMs = 3000;
/** A host may be away for a moment, as its machine is when it has slept. */
const goneAfterMs = 4000;

type Subscription = { open(client: EngineClient): () => void; end: () => void };

export function linkEngine(connect: () => Transport, lookAtHost: () => Promise<HostState> = () => Promise.resolve('there')): EngineLink {
  const listeners = new Set<(state: LinkState, error?: LongtakeError) => void>();
  const subscriptions = new Set<Subscription>();
  let state: LinkState = 'connecting';
  let reason: LongtakeError | undefined;
  let pauseMs = firstPauseMs;
  let closed = false;
  let goneSinceMs: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client = open();
  /** The one to ask: where there is none at the moment, the next. */
  let next = Promise.resolve(client);
  let endWaiting = (): void => undefined;

  function become(other: LinkState, error?: LongtakeError): void {
    state = other;
    reason = error;
    for (const listener of listeners) listener(other, error);
  }

  function open(): EngineClient {
    const transport = connect();
    const opened = connectEngine({
      ...transport,
      onClose(listener) { transport.onClose(() => { listener(); lost(opened); }); },
    });
    opened.ready.then(() => {
      pauseMs = firstPauseMs;
      goneSinceMs = undefined;
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
    const { promise, resolve } = Promise.withResolvers<EngineClient>();
    next = promise;
    endWaiting = () => { resolve(ended); };
    timer = setTimeout(() => {
      client = open();
      resolve(client);
    }, pauseMs);
    // What is known of its host is not forgotten at each try.
    if (!hasEnded(state)) become('lost');
    void look();
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }

  /** Tries go on whatever it finds: a printed address that is opened in another tab lets this one in, too. */
  async function look(): Promise<void> {
    const host = await lookAtHost();
    if (closed || state === 'connected') return;
    goneSinceMs = host === 'gone' ? goneSinceMs ?? Date.now() : undefined;
    const seen = host === 'restarted' ? 'restarted' : goneSinceMs === undefined ? 'lost' : Date.now() - goneSinceMs >= goneAfterMs ? 'ended' : state;
    if (seen !== state) become(seen);
  }

  return {
    async request(method, params, options) {
      for (;;) {
        const asked = await next;
        try {
          return await asked.request(method, params, options);
        } catch (error) {
          if (closed || !isLongtakeError(error, 'connection-lost') || !repeatable.has(method)) throw error;
        }
      }
    },
    subscribe(stream, params, onEvent, onError) {
      const subscription: Subscription = {
        open: (opened) => opened.subscribe(stream, params, onEvent, {
          // A connection that ended comes back by itself; only what the engine refused is for the listener.
          onError: (error) => { if (error.code !== 'connection-lost') onError?.(error); },
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
      endWaiting();
      client.close();
    },
  };
}
