import type { WebSocket } from 'ws';
import type { Transport } from '../../protocol/envelope.ts';

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
