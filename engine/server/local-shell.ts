import type { Transport } from '../protocol/envelope.ts';
import { serveConnection, type Service } from './connection.ts';
import type { Resources } from './resources.ts';
import type { ShellEngine } from './web/socket-transport.ts';

/** A service as a shell sees its engine, for a shell that lives in the engine's own process. */
export function localShell(service: Service & { readonly resources: Resources }): ShellEngine {
  return {
    state: 'running',
    connect() {
      const [shell, engine] = joinedTransports();
      serveConnection(engine, service);
      return shell;
    },
    locate: (resource) => service.resources.locate(resource),
  };
}

/** Two ends of one line. A message arrives after the one who sends it has returned, as on every other transport. */
function joinedTransports(): readonly [Transport, Transport] {
  const ends = [0, 1].map((): { receive: (message: unknown) => void; closed: () => void } => ({ receive: () => undefined, closed: () => undefined }));
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const { closed } of ends) closed();
  };
  const end = (own: number): Transport => ({
    send(message) { setImmediate(() => { if (open) ends[1 - own]?.receive(message); }); },
    onMessage(listener) { Object.assign(ends[own] ?? {}, { receive: listener }); },
    onClose(listener) { Object.assign(ends[own] ?? {}, { closed: listener }); },
    close,
  });
  return [end(0), end(1)];
}
