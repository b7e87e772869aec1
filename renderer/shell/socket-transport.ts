import type { Transport } from '../../engine/protocol/envelope.ts';

/** Messages as JSON text frames, those before the socket is open included. */
export function socketTransport(address: string): Transport {
  const socket = new WebSocket(address);
  const waiting: string[] = [];
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  return {
    send(message) {
      const text = JSON.stringify(message);
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    onMessage(listener) {
      socket.addEventListener('message', (event) => { listener(JSON.parse(String(event.data))); });
    },
    onClose(listener) { socket.addEventListener('close', () => { listener(); }, { once: true }); },
    close() { socket.close(); },
  };
}
