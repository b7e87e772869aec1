import type { WebSocket } from 'ws';
import type { Transport } from '../../protocol/envelope.ts';
import type { EngineProcess } from '../engine-process.ts';

/** What a shell needs of an engine, wherever it runs. */
export type ShellEngine = Pick<EngineProcess, 'connect' | 'state' | 'locate'>;

/** A client that reads nothing while this much waits for it is gone or stuck. */
const maximumWaitingBytes = 64 * 1024 * 1024;

/** Messages as JSON text frames. What is not JSON arrives as undefined, which no schema takes. */
export function socketTransport(socket: WebSocket): Transport {
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maximumWaitingBytes) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.on('message', (data: Buffer, isBinary) => { listener(isBinary ? undefined : parseJson(data.toString('utf8'))); });
    },
    onClose(listener) {
      socket.on('close', listener);
      socket.on('error', () => { socket.terminate(); }); // a broken frame or one that is too long; 'close' follows
    },
    close() { socket.close(); },
  };
}

/** Close codes of RFC 6455 that say what has become of the engine; a page connects again after both. */
const closeCodes = { restarting: 1012, failed: 1011 } as const;

/** Carries one socket's messages to the engine and back. When the engine ends, the socket closes with a code that says so. */
export function relaySocket(socket: WebSocket, engine: ShellEngine): void {
  const page = socketTransport(socket);
  const connection = engine.connect();
  page.onMessage((message) => { connection.send(message); });
  page.onClose(() => { connection.close(); });
  connection.onMessage((message) => { page.send(message); });
  connection.onClose(() => {
    const { state } = engine;
    if (state === 'restarting' || state === 'failed') socket.close(closeCodes[state]);
    else socket.close();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
