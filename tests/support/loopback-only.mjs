// Preloaded (`NODE_OPTIONS=--import=…`) into every process of a test that must need no network: whatever leads away from
// this machine fails, and is written down in LONGTAKE_TEST_NETWORK_LOG. Plain JavaScript: it is loaded before anything else.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const log = process.env.LONGTAKE_TEST_NETWORK_LOG ?? '';
// Who is guarded is written down as well, so that a test can tell silence from a guard that was not there.
appendFileSync(`${log}.guarded`, `${process.pid} ${process.argv.slice(1).join(' ')}\n`);
const isLoopback = (host) => host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host) || host === '';

function refuse(what) {
  appendFileSync(log, `${process.pid} ${what}\n`);
  return Object.assign(new Error(`no network in this test: ${what}`), { code: 'ENETUNREACH' });
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function guarded(...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const given = typeof options === 'object' && options !== null ? options : { port: options, host: typeof args[1] === 'string' ? args[1] : 'localhost' };
  const host = String(given.host ?? 'localhost');
  if (given.path === undefined && !isLoopback(host)) {
    const error = refuse(`connect ${host}:${given.port}`);
    process.nextTick(() => this.destroy(error));
    return this;
  }
  return connect.apply(this, args);
};

for (const [owner, isPromise] of [[dns, false], [dns.promises, true], [dns.Resolver.prototype, false], [dns.promises.Resolver.prototype, true]]) {
  for (const name of Object.getOwnPropertyNames(owner).filter((each) => /^(lookup|lookupService|resolve.*|reverse)$/.test(each))) {
    const original = owner[name];
    if (typeof original !== 'function') continue;
    owner[name] = function guarded(host, ...rest) {
      if (isLoopback(String(host ?? ''))) return original.call(this, host, ...rest);
      const error = refuse(`${name} ${host}`);
      if (isPromise) return Promise.reject(error);
      process.nextTick(rest.at(-1), error);
      return {};
    };
  }
}

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function guarded(...args) {
  const host = args.filter((each) => typeof each === 'string').at(-1) ?? 'localhost';
  if (!isLoopback(host)) throw refuse(`datagram ${host}`);
  return send.apply(this, args);
};
