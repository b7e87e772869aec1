/**
 * The engine as a child of a desktop shell: plain Node, started with an IPC channel (`child_process.fork`). One channel
 * carries several clients; the shell numbers them, relays their messages and says when one has gone. It also asks what
 * media paths stand for. `engine-process.ts` is the other end.
 */
import { z } from 'zod';
import { toWireError, type Transport } from '../protocol/envelope.ts';
import { serveConnection } from './connection.ts';
import { programsFlag, stopTimeoutMs } from './engine-process.ts';
import { toWireResource } from './resource.ts';
import { openEngineService, type EngineService } from './workspace.ts';

const fromShellSchema = z.union([
  z.object({ client: z.int(), message: z.unknown(), closed: z.literal(false).optional() }),
  z.object({ client: z.int(), closed: z.literal(true) }),
  z.object({ locate: z.int(), resource: z.string().max(500) }),
]);

/** Where the shell has gone meanwhile, nobody is left to tell: 'disconnect' ends this process. */
function post(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

type Listeners = { receive: (message: unknown) => void; closed: () => void };

const service = await openEngineService({ onRestart: restart, offersPrograms: process.argv.includes(programsFlag) }).catch((error: unknown) => {
  // The shell shows why; a stack on a stream that nobody reads would help nobody.
  post({ fatal: toWireError(error) });
  process.exitCode = 1;
  process.disconnect?.();
  return undefined;
});
const clients = new Map<number, Listeners>();

function connect(client: number, running: EngineService): Listeners {
  const listeners: Listeners = { receive: () => undefined, closed: () => undefined };
  const transport: Transport = {
    send: (message) => { if (clients.has(client)) post({ client, message }); },
    onMessage: (listener) => { listeners.receive = listener; },
    onClose: (listener) => { listeners.closed = listener; },
    close: () => {
      post({ client, closed: true });
      disconnect(client);
    },
  };
  clients.set(client, listeners);
  serveConnection(transport, running);
  return listeners;
}

function disconnect(client: number): void {
  const listeners = clients.get(client);
  clients.delete(client);
  listeners?.closed();
}

/** The shell starts another one; what is being sent gets its time to arrive. */
function restart(): void {
  setTimeout(() => process.exit(0), 200);
}

/** What fails here is a missing picture, not an engine that ends. */
async function locate(id: number, resource: string, running: EngineService): Promise<void> {
  const found = await running.resources.locate(resource).catch(() => undefined);
  post({ located: id, resource: found === undefined ? null : toWireResource(found) });
}

async function stop(running: EngineService): Promise<void> {
  for (const client of [...clients.keys()]) disconnect(client);
  await running[Symbol.asyncDispose]();
  process.exit(0);
}

if (service !== undefined) {
  process.on('message', (raw) => {
    const parsed = fromShellSchema.safeParse(raw);
    if (!parsed.success) return;
    if ('locate' in parsed.data) void locate(parsed.data.locate, parsed.data.resource, service);
    else if (parsed.data.closed === true) disconnect(parsed.data.client);
    else (clients.get(parsed.data.client) ?? connect(parsed.data.client, service)).receive(parsed.data.message);
  });
  // The shell has quit or crashed: nothing here is worth more than what is on disk already, and nobody is left to end a process that does not: it waits as long as they would.
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), stopTimeoutMs).unref();
    void stop(service);
  });
  process.on('SIGTERM', () => { void stop(service); });
  process.on('SIGINT', () => undefined); // Ctrl-C reaches the whole group; the shell decides
  post({ ready: true });
  // It went while the library was being opened: 'disconnect' has been and gone.
  if (!process.connected) void stop(service);
}
