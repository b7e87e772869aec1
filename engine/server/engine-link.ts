import { connectEngine, type EngineClient } from '../protocol/envelope-client.ts';
import { isLongtakeError } from '../protocol/errors.ts';
import { defaultRoot } from '../pipeline/home.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import { connectToHost } from './web/host-client.ts';
import { findRunningHost } from './web/running-host.ts';

/** An engine for a program that is none and has no window. */
export type EngineLink = AsyncDisposable & {
  /** The engine of the web host that runs for this user; where none does, one of our own. One that has ended is replaced. */
  client(): Promise<EngineClient>;
};

/** Connects at the first call of `client`. Disposing ends an engine of our own; work that is not its callers' goes on at the next start. */
export function openEngineLink(): EngineLink {
  let own: EngineProcess | undefined;
  let current: Promise<EngineClient> | undefined;

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

  return {
    async client() {
      const client = await current?.catch(() => undefined);
      const isThere = await client?.request('app.info', {}).then(() => true, (error: unknown) => !isLongtakeError(error, 'connection-lost'));
      if (client !== undefined && isThere === true) return client;
      current = connect();
      return await current;
    },
    async [Symbol.asyncDispose]() {
      (await current?.catch(() => undefined))?.close();
      await own?.[Symbol.asyncDispose]();
    },
  };
}
