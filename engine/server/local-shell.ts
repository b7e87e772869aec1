import type { Transport } from '../protocol/envelope.ts';
import { serveConnection, type Service } from './connection.ts';
import type { Resources } from './resources.ts';
import type { ShellEngine } from './web/socket-transport.ts';

/** A service as a shell sees its engine, for a shell that lives in the engine's own process. */
export function localShell(service: Service & { readonly resources: Resources }): ShellEngine {
  return {
    state: 'running',
    connect() {
      const [shell, engine] = transportPair();
      serveConnection(engine, service);
      return shell;
    },
    locate: (resource) => service.resources.locate(resource),
  };
}

/** Two ends of one connection in this process; messages are copied as JSON, as on any other transport. */
export function transportPair(): readonly [Transport, Transport] {
  const listeners: readonly [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const closers: (() => void)[] = [];
  const end = (own: 0 | 1): Transport => ({
    send(message) {
      const text = JSON.stringify(message) as string | undefined;
      queueMicrotask(() => { for (const listener of listeners[own === 0 ? 1 : 0]) listener(text === undefined ? undefined : JSON.parse(text)); });
    },
    onMessage(listener) { listeners[own].push(listener); },
    onClose(listener) { closers.push(listener); },
    close() { for (const closer of closers.splice(0)) closer(); },
  });
  return [end(0), end(1)];
}
