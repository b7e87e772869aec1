/**
 * Loaded before everything else into a process (`--import`): whoever tries to reach another machine fails, and is
 * noted in the file that LONGTAKE_DENIED names.
 */
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const isHere = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./u.test(host) || host === '';

function deny(target: string): never {
  const file = process.env['LONGTAKE_DENIED'];
  if (file !== undefined) appendFileSync(file, `${target} by ${process.argv.slice(1).join(' ')}\n`);
  throw new Error(`There is no network: ${target}.`);
}

// Every TCP connection of Node ends here: http, fetch, tls, WebSocket.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
  const [options] = Array.isArray(given[0]) ? given[0] as unknown[] : given;
  const { host, path } = typeof options === 'object' && options !== null ? options as { host?: string; path?: string } : { host: typeof given[1] === 'string' ? given[1] : '' };
  if (path === undefined && !isHere(host ?? '')) deny(`a connection to ${host ?? ''}`);
  return Reflect.apply(connect, this, given) as net.Socket;
} as typeof connect;

const lookup = dns.lookup;
Object.assign(dns, {
  lookup(...given: Parameters<typeof lookup>) {
    if (!isHere(given[0])) deny(`the address of ${given[0]}`);
    Reflect.apply(lookup, dns, given);
  },
});
syncBuiltinESMExports();
