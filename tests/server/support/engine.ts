import type { EngineClient } from '../../../engine/protocol/envelope-client.ts';
import type { StreamEvent } from '../../../engine/protocol/events.ts';
import { applyConversationEvent } from '../../../engine/protocol/events.ts';
import type { MessageEntry } from '../../../engine/protocol/methods-conversations.ts';
import { localShell } from '../../../engine/server/local-shell.ts';
import { openEngineService, type EngineService } from '../../../engine/server/workspace.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../../engine/server/web/host.ts';
import { connectToHost } from '../../../engine/server/web/host-client.ts';

export { connectToHost as connectTo };

export type TestEngine = AsyncDisposable & { readonly service: EngineService; readonly host: WebHost; readonly client: EngineClient };

/** The real engine behind the real web host, on a home of its own, with answers short enough for a test. */
export async function startEngine(home: string, options: WebHostOptions = {}): Promise<TestEngine> {
  process.env['LONGTAKE_HOME'] = home;
  const service = await openEngineService();
  const host = await startWebHost(localShell(service), options);
  const client = await connectToHost(host.origin, host.token);
  await client.request('settings.change', { provider: 'cpu', maxNewTokens: 24 });
  return {
    service, host, client,
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** Follows a stream until something is true of an event, and gives that event. */
export async function until<Event>(subscribe: (onEvent: (event: Event) => void, onError: (error: Error) => void) => () => void, holds: (event: Event) => boolean): Promise<Event> {
  const { promise, resolve, reject } = Promise.withResolvers<Event>();
  const stop = subscribe((event) => { if (holds(event)) resolve(event); }, reject);
  try {
    return await promise;
  } finally {
    stop();
  }
}

export const untilQueue = (client: EngineClient, holds: (jobs: StreamEvent<'queue'>['jobs']) => boolean): Promise<StreamEvent<'queue'>> =>
  until((onEvent, onError) => client.subscribe('queue', {}, onEvent, { onError }), ({ jobs }) => holds(jobs));

/** What a window that has a conversation open shows, kept up to date from the stream alone. */
export function openConversation(client: EngineClient, conversationId: string): {
  readonly events: StreamEvent<'conversation'>[]; readonly messages: () => readonly MessageEntry[];
  readonly when: (holds: (messages: readonly MessageEntry[]) => boolean) => Promise<readonly MessageEntry[]>; readonly close: () => void;
} {
  let messages: readonly MessageEntry[] = [];
  const events: StreamEvent<'conversation'>[] = [];
  const waiting = new Set<() => void>();
  const close = client.subscribe('conversation', { conversationId }, (event) => {
    events.push(event);
    messages = applyConversationEvent(messages, event);
    for (const check of waiting) check();
  });
  return {
    events, close, messages: () => messages,
    when: (holds) => new Promise((resolve) => {
      const check = (): void => {
        if (!holds(messages)) return;
        waiting.delete(check);
        resolve(messages);
      };
      waiting.add(check);
      check();
    }),
  };
}

export const hasEnded = (message: MessageEntry | undefined): boolean =>
  message?.answer !== undefined && message.answer.state !== 'waiting' && message.answer.state !== 'writing';

/** Lets nobody answer until the returned function is called. */
export function holdTurn({ service }: TestEngine): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const held = service.workspace.answers.inTurn(() => promise, new AbortController().signal);
  return async () => {
    resolve(undefined);
    await held;
  };
}
