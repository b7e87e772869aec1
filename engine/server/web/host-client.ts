import { WebSocket } from 'ws';
import { connectEngine, type EngineClient } from '../../protocol/envelope-client.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import { socketTransport } from './socket-transport.ts';

/** A client of a web host's engine, on a socket of its own, as a browser tab has one. Throws `connection-lost` where there is none. */
export async function connectToHost(origin: string, token: string): Promise<EngineClient> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { authorization: `Bearer ${token}`, origin } });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (cause) => { reject(new LongtakeError('connection-lost', `${origin} does not answer (${cause.message}).`, { origin }, { cause })); });
  });
  const client = connectEngine(socketTransport(socket));
  await client.ready;
  return client;
}
