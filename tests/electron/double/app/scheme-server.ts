import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { fromChromium, rewriteHeader, rewriteText } from './scheme-addresses.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;
type Gate = { mayNavigate(url: string): boolean; mayRequest(url: string): Promise<boolean> };

const rewritten = /^(?:text\/html|text\/javascript|text\/css|application\/javascript)/u;

/**
 * Chromium's only way out, as its proxy: an address of a handled scheme reaches the handler, everything else is refused
 * and noted. Bodies are streamed, so that a player really seeks.
 */
export class SchemeServer {
  readonly handlers = new Map<string, SchemeHandler>();
  /** Set by whoever wants to hear of a page that reached out. */
  onOutside: (address: string) => void = () => undefined;
  /** Navigations that main began itself are no page's. */
  expected: string | undefined;
  readonly #gate: Gate;
  readonly #server = createServer((request, response) => { void this.#answer(request, response); });

  constructor(gate: Gate) {
    this.#gate = gate;
    this.#server.on('connect', (request: IncomingMessage, socket) => {
      this.onOutside(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve); });
    this.#server.unref();
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = fromChromium(incoming.url ?? '');
    const handler = this.handlers.get(URL.parse(url)?.protocol.slice(0, -1) ?? '');
    // Chromium tells a site that it does not trust nothing about the request, but asks it for https when it navigates.
    const isNavigation = (incoming.headers['sec-fetch-mode'] ?? (incoming.headers['upgrade-insecure-requests'] && 'navigate')) === 'navigate';
    if (isNavigation && this.expected === url) this.expected = undefined;
    // A navigation that is not let through leaves the page where it is: to Chromium, an answer without content.
    else if (isNavigation && !this.#gate.mayNavigate(url)) { outgoing.writeHead(204).end(); return; }
    if (handler === undefined || !await this.#gate.mayRequest(url)) {
      this.onOutside(url);
      outgoing.writeHead(403).end();
      return;
    }
    const response = await handler(makeRequest(incoming, url));
    await send(response, outgoing);
  }
}

function makeRequest(incoming: IncomingMessage, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string' && !name.startsWith('proxy-')) headers.set(name, fromChromium(value));
  }
  const request = new Request(url, { method: incoming.method ?? 'GET', headers });
  const { origin, referer } = incoming.headers;
  // Electron takes it from the browser, not from what the page says; here Chromium's own headers are all there is.
  const initiatorOrigin = origin ?? (referer === undefined ? undefined : new URL(referer).origin);
  return initiatorOrigin === undefined ? request : Object.assign(request, { initiatorOrigin: fromChromium(initiatorOrigin) });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, rewriteHeader(value)]));
  if (rewritten.test(headers['content-type'] ?? '')) {
    const text = rewriteText(await response.text());
    delete headers['content-length'];
    outgoing.writeHead(response.status, headers).end(text);
    return;
  }
  outgoing.writeHead(response.status, headers);
  if (response.body === null) { outgoing.end(); return; }
  // A player that seeks drops the connection: the stream is destroyed with it.
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => undefined);
}
