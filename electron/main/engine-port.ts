import type { MessagePortMain } from 'electron';
import type { EngineProcess } from '../../engine/server/engine-process.ts';
import { maximumMessageBytes } from '../../engine/protocol/envelope.ts';

/** Joins one port of a page to one connection of the engine. Where either ends, so does the other. */
export function joinEngine(port: MessagePortMain, engine: Pick<EngineProcess, 'connect'>): void {
  const transport = engine.connect();
  let open = true;
  const end = (): void => {
    if (!open) return;
    open = false;
    transport.close();
    port.close();
  };
  transport.onMessage((message) => { if (open) port.postMessage(message); });
  transport.onClose(end);
  port.on('message', ({ data }) => {
    if (JSON.stringify(data ?? null).length > maximumMessageBytes) end();
    else transport.send(data);
  });
  port.on('close', end);
  port.start();
}
