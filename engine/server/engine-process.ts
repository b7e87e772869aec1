import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { toWireError, wireErrorSchema, type Transport } from '../protocol/envelope.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { fromWireResource, wireResourceSchema, type Resource } from './resource.ts';

export type EngineProcessState = 'starting' | 'running' | 'restarting' | 'failed';

/** The engine as a shell sees it. */
export type EngineProcess = AsyncDisposable & {
  /**
   * A connection of one window or socket; it closes when the engine ends, and a new one reaches the restarted engine.
   * While the engine starts, messages wait for it; where it has failed, the connection says why and closes.
   */
  connect(): Transport;
  readonly state: EngineProcessState;
  readonly processId: number | undefined;
  /** Returns what ends the listening. */
  onState(listener: (state: EngineProcessState, error?: LongtakeError) => void): () => void;
  /** What a media path stands for, asked of the engine; undefined: nothing. Rejects while there is no engine to ask. */
  locate(resource: string): Promise<Resource | undefined>;
};

export type EngineProcessOptions = {
  /** A plain Node of the version that the project brings. Default: the one that runs this. Never Electron's. */
  readonly node?: string;
  readonly entry?: string;
  /** Whether a user of this shell may open a door for other programs (program-door.ts). */
  readonly offersPrograms?: boolean;
  /** Over this process's own; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
};

/**
 * glibc raises by itself the size from which a block gets pages of its own, up to 32 MB. The scratch of every run of a graph
 * then lies between small blocks of JavaScript, which pin it: encoding took 250 to 420 MB by chance, and more the longer
 * it ran. With a fixed size it takes 180 to 200 MB. The pages are fresh in every run; large ones, where the system has them
 * for who asks, are a quarter of the time to the first token. It is read when a process starts, other systems ignore it,
 * and scripts/launch.mjs gives it to the command line.
 */
export const allocatorEnvironment = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1000000' } as const;

/**
 * V8 lets the space of young objects grow to 32 MB and more the longer a process makes garbage: an ingest of four hours took
 * 30 MB more than one of an hour. With 2 MB a half it takes as much, 170 to 180 MB, in the same time. scripts/launch.mjs gives it
 * to the command line.
 */
export const heapFlags = ['--max-semi-space-size=2'] as const;

/** An engine that dies more often than this within the time is not started again by itself. */
const maximumEnds = 4;
const withinMs = 60_000;
/** After a failure a new connection tries again, but not more often than this. */
const retryAfterMs = 5_000;
/** Says to the engine that its shell offers a door for other programs. */
export const programsFlag = '--offers-programs';
/** An engine that is told to end leaves what it does at the next batch; one that does not is ended. */
export const stopTimeoutMs = 15_000;
const keptWords = 2000;
/** A player that seeks does not wait each time for an engine that computes. A file that has gone is asked about again at once. */
const rememberFileMs = 10_000;

const fromEngineSchema = z.union([
  z.object({ client: z.int(), message: z.unknown(), closed: z.literal(false).optional() }),
  z.object({ client: z.int(), closed: z.literal(true) }),
  z.object({ located: z.int(), resource: wireResourceSchema.nullable() }),
  z.object({ ready: z.literal(true) }),
  z.object({ fatal: wireErrorSchema }),
]);

type Client = { receive: (message: unknown) => void; closed: () => void };

/** Starts the engine in a process of its own and keeps it running. Disposing ends it; what is on disk is whole at any time. */
export function startEngineProcess({ node = process.execPath, entry = path.join(import.meta.dirname, 'child.ts'), offersPrograms = false, environment = {} }: EngineProcessOptions = {}): EngineProcess {
  let state: EngineProcessState = 'starting';
  let failure: LongtakeError | undefined;
  let child: ChildProcess | undefined;
  let exited: Promise<void> = Promise.resolve();
  let startedAtMs = 0;
  let disposed = false;
  let nextId = 1;
  const endsAtMs: number[] = [];
  const clients = new Map<number, Client>();
  const locating = new Map<number, { resolve: (resource: Resource | undefined) => void; reject: (error: LongtakeError) => void }>();
  const files = new Map<string, { readonly resource: Resource & { readonly kind: 'file' }; readonly atMs: number }>();
  const listeners = new Set<(state: EngineProcessState, error?: LongtakeError) => void>();
  /** Messages of clients that came before the engine was ready. */
  let waiting: object[] = [];

  const setState = (next: EngineProcessState, error?: LongtakeError): void => {
    state = next;
    failure = error;
    for (const listener of [...listeners]) listener(next, error);
  };

  const send = (message: object): void => {
    if (state !== 'running') waiting.push(message);
    // The channel may break under the message; 'exit' follows and tells everybody.
    else if (child?.connected === true) child.send(message, () => undefined);
  };

  const closeAll = (error: LongtakeError): void => {
    const closing = [...clients.values()];
    clients.clear();
    files.clear();
    waiting = [];
    for (const { reject } of locating.values()) reject(error);
    locating.clear();
    for (const { closed } of closing) closed();
  };

  const take = (raw: unknown): void => {
    const parsed = fromEngineSchema.safeParse(raw);
    if (!parsed.success) return;
    const { data } = parsed;
    if ('ready' in data) {
      setState('running');
      for (const message of waiting.splice(0)) send(message);
    } else if ('fatal' in data) {
      failure = new LongtakeError(data.fatal.code, data.fatal.message, data.fatal.data);
    } else if ('located' in data) {
      locating.get(data.located)?.resolve(data.resource === null ? undefined : fromWireResource(data.resource));
      locating.delete(data.located);
    } else if (data.closed === true) {
      const client = clients.get(data.client);
      clients.delete(data.client);
      client?.closed();
    } else {
      clients.get(data.client)?.receive(data.message);
    }
  };

  const ended = (how: string, lastWords: string): void => {
    child = undefined;
    if (disposed) return;
    const now = Date.now();
    endsAtMs.push(now);
    while ((endsAtMs[0] ?? now) < now - withinMs) endsAtMs.shift();
    // An engine that has said why it cannot start would say it again.
    if (failure !== undefined || endsAtMs.length >= maximumEnds) {
      const error = failure ?? new LongtakeError('internal', `The engine has ended ${endsAtMs.length} times within a minute (${how}). What was done is kept.${lastWords === '' ? '' : ` Its last words: ${lastWords}`}`);
      endsAtMs.length = 0;
      setState('failed', error);
      sayWhy(error);
      closeAll(error);
      return;
    }
    setState('restarting');
    closeAll(new LongtakeError('internal', `The engine has ended (${how}) and is started again. What was done is kept.`));
    start();
  };

  /** Those who wait for an engine that never came get its reason before their connection closes. */
  const sayWhy = (error: LongtakeError): void => {
    for (const { receive } of clients.values()) receive({ type: 'error', error: toWireError(error) });
  };

  const start = (): void => {
    startedAtMs = Date.now();
    failure = undefined;
    const started = spawn(node, ['--disable-warning=ExperimentalWarning', ...heapFlags, entry, ...(offersPrograms ? [programsFlag] : [])], {
      env: { ...allocatorEnvironment, ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], windowsHide: true,
    });
    child = started;
    let words = '';
    started.stderr?.on('data', (part: Buffer) => {
      process.stderr.write(part);
      words = (words + part.toString()).slice(-keptWords);
    });
    started.on('message', take);
    exited = new Promise((resolve) => {
      // 'error' without 'exit' is a program that could not be started at all.
      started.once('error', (error) => { resolve(); if (child === started) ended(error.message, ''); });
      started.once('exit', (code, signal) => { resolve(); if (child === started) ended(signal ?? `exit code ${code}`, words.trim()); });
    });
  };
  start();

  return {
    get state() { return state; },
    get processId() { return child?.pid; },
    onState(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    connect() {
      if (state === 'failed' && !disposed && Date.now() - startedAtMs >= retryAfterMs) {
        setState('starting');
        start();
      }
      const id = nextId++;
      const client: Client = { receive: () => undefined, closed: () => undefined };
      clients.set(id, client);
      const close = (): void => { if (clients.delete(id)) send({ client: id, closed: true }); };
      if (state === 'failed') {
        const error = failure;
        setImmediate(() => {
          if (error !== undefined) client.receive({ type: 'error', error: toWireError(error) });
          clients.delete(id);
          client.closed();
        });
      }
      return {
        send(message) { if (clients.has(id) && state !== 'failed') send({ client: id, message }); },
        onMessage(listener) { client.receive = listener; },
        onClose(listener) { client.closed = listener; },
        close() {
          close();
          client.closed();
        },
      };
    },
    locate(resource) {
      const known = files.get(resource);
      if (known !== undefined && Date.now() - known.atMs < rememberFileMs && existsSync(known.resource.path)) return Promise.resolve(known.resource);
      files.delete(resource);
      if (state !== 'running') return Promise.reject(failure ?? new LongtakeError('internal', 'The engine is being started. Ask again in a moment.'));
      return new Promise((resolve, reject) => {
        const id = nextId++;
        locating.set(id, {
          reject,
          resolve: (found) => {
            if (found?.kind === 'file') files.set(resource, { resource: found, atMs: Date.now() });
            resolve(found);
          },
        });
        send({ locate: id, resource });
      });
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      closeAll(new LongtakeError('cancelled', 'Longtake is being closed.'));
      const ending = child;
      if (ending === undefined) return;
      if (ending.connected) ending.disconnect();
      const timer = setTimeout(() => { ending.kill('SIGKILL'); }, stopTimeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
