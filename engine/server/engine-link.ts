import { connectEngine, type EngineClient } from '../protocol/envelope-client.ts';
import { isLongtakeError } from '../protocol/errors.ts';
import { defaultRoot } from '../pipeline/home.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import { connectToHost } from './web/host-client.ts';
import { findRunningHost } from './web/running-host.ts';

/** An engine for a program that is none and has no window. */
export type EngineSource = {
  /** A connection to it, the same each time; after one that has ended, another. */
  client(): Promise<EngineClient>;
};

/** The engine of a shell, over one connection. */
export function engineOf(engine: Pick<EngineProcess, 'connect'>): EngineSource {
  return keptConnection(() => Promise.resolve(connectEngine(engine.connect())));
}

/**
 * The engine of the web host that runs for this user; where none does, one of our own. Connects at the first call of `client`.
 * Disposing ends an engine of our own; work that is not its callers' goes on at the next start.
 */
export function openEngineLink(): EngineSource & AsyncDisposable {
  let own: EngineProcess | undefined;

  const connect = async (): Promise<EngineClient> => {
    const host = own === undefined ? await findRunningHost(defaultRoot()) : undefined;
    const address = host && new URL(host.address);
    // It may end between the two; then there is none.
    const found = address && await connectToHost(address.origin, address.searchParams.get('token') ?? '').catch(() => undefined);
    if (found !== undefined) return found;
    own ??= startEngineProcess();
    const client = connectEngine(own.connect());
    await client.ready;
    return client;
  };

  const kept = keptConnection(connect);
  return {
    client: () => kept.client(),
    async [Symbol.asyncDispose]() {
      await kept.close();
      await own?.[Symbol.asyncDispose]();
    },
  };
}

/** Asks the engine whether it is still there before each use: whoever needs one would only find out by failing. */
function keptConnection(connect: () => Promise<EngineClient>): EngineSource & { close(): Promise<void> } {
  let current: Promise<EngineClient> | undefined;
  return {
    async client() {
      const known = current;
      const client = await known?.catch(() => undefined);
      const isThere = await client?.request('app.info', {}).then(() => true, (error: unknown) => !isLongtakeError(error, 'connection-lost'));
      if (client !== undefined && isThere === true) return client;
      // Of several that have found out at once, the first connects.
      if (current === known || current === undefined) current = connect();
      return await current;
    },
    async close() { (await current?.catch(() => undefined))?.close(); },
  };
}
