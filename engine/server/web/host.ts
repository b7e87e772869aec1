import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { maximumMessageBytes } from '../../protocol/envelope.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import { answerMedia } from '../media-response.ts';
import { sendApiError } from '../api/api-error.ts';
import { apiPrefix, respondApi } from '../api/api-route.ts';
import { engineOf } from '../engine-link.ts';
import type { McpRoute } from '../mcp/mcp-route.ts';
import { judge, requireLoopback, type Verdict } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { notBuiltPage } from './not-built-page.ts';
import { sendMedia, sendText } from './responses.ts';
import { relaySocket, type ShellEngine } from './socket-transport.ts';
import { sendStatic } from './static-files.ts';
import { createToken, requireToken } from './token.ts';
import { unauthorisedPage } from './unauthorised-page.ts';
import { takeUpload, uploadPrefix } from './upload-route.ts';

export type WebHostOptions = {
  /** A loopback address. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: one that is free. */
  readonly port?: number | undefined;
  /** What opens it, of at least 16 characters. Default: a new one. */
  readonly token?: string | undefined;
  /** The built renderer; without it a page says that there is none. */
  readonly rendererDirectory?: string | undefined;
};

export type WebHost = AsyncDisposable & {
  /** To be opened in a browser: with the token. */
  readonly address: string;
  readonly origin: string;
  readonly token: string;
  /** An address for one visit within a minute, to be handed to another program. */
  visit(): string;
};

const visitLastsMs = 60_000;

const mcpPath = '/mcp';
const mediaPrefix = '/media/';

export const builtRendererDirectory = path.join(import.meta.dirname, '../../../out/renderer');

/**
 * Serves the engine to browsers of this machine (docs/protocol.md, "Web host"). The engine stays the caller's.
 * Throws `bad-argument` for an address that is not the loopback's, or that is taken.
 */
export async function startWebHost(engine: ShellEngine, { host = '127.0.0.1', port = 0, token = createToken(), rendererDirectory = builtRendererDirectory }: WebHostOptions = {}): Promise<WebHost> {
  requireLoopback(host);
  requireToken(token);
  const visits = new Set<string>();
  const ending = new AbortController();
  let [origin, cookieName] = ['', ''];
  const visit = (): string => {
    const ticket = createToken();
    visits.add(ticket);
    setTimeout(() => { visits.delete(ticket); }, visitLastsMs).unref();
    return `${origin}/?token=${ticket}`;
  };
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 0, headersTimeout: 30_000 }, (request, response) => {
    respond(request, response).catch(() => { if (response.headersSent) response.destroy(); else sendText(response, 500, 'Something inside Longtake failed.'); });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes, clientTracking: true });

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(securityHeaders())) response.setHeader(name, value);
    const verdict = judge(request, { token, cookieName, visits });
    if (verdict.kind === 'refused') { refuse(request, response, verdict); return; }
    if (verdict.kind === 'welcome') {
      welcome(request, response, `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`, verdict.location);
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === mcpPath) { await (await openMcpRoute())(request, response); return; }
    if (pathname.startsWith(apiPrefix)) { await respondApi(engine, request, response, pathname, ending.signal); return; }
    if (request.method === 'PUT' && pathname.startsWith(uploadPrefix)) { await takeUpload(request, response, pathname.slice(uploadPrefix.length), searchParams.get('beside') ?? undefined); return; }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, 'Only GET and HEAD; everything else goes through the socket.');
      return;
    }
    if (pathname.startsWith(mediaPrefix)) await respondMedia(request, response, pathname.slice(mediaPrefix.length));
    else if (pathname === '/visit') sendText(response, 200, visit());
    else if (existsSync(path.join(rendererDirectory, 'index.html'))) await sendStatic(request, response, rendererDirectory, pathname);
    else if (pathname === '/') response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(request.method === 'HEAD' ? undefined : notBuiltPage);
    else sendText(response, 404, 'There is nothing here.');
  };

  let mcpRoute: Promise<McpRoute> | undefined;
  // Its schemas take a while to load, and few ever ask for it.
  const openMcpRoute = (): Promise<McpRoute> => (mcpRoute ??= import('../mcp/mcp-route.ts').then(({ createMcpRoute }) => createMcpRoute(engineOf(engine))));

  const respondMedia = async (request: IncomingMessage, response: ServerResponse, name: string): Promise<void> => {
    const located = await engine.locate(name).then((resource) => ({ resource }), () => undefined);
    if (located !== undefined) { await sendMedia(response, await answerMedia({ method: request.method ?? 'GET', headers: request.headers }, located.resource)); return; }
    response.setHeader('Retry-After', '1');
    sendText(response, 503, 'The engine is not there at the moment. Ask again.');
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => { socket.destroy(); });
    const verdict = judge(request, { token, cookieName, visits });
    if (verdict.kind !== 'allowed' || request.url !== '/socket') {
      socket.end(verdict.kind === 'refused' && verdict.status === 401 ? 'HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n' : 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => { relaySocket(opened, engine); });
  });

  await listen(server, host, port);
  const actualPort = (server.address() as AddressInfo).port;
  // Cookies do not know ports: two engines on one machine would overwrite each other's.
  cookieName = `longtake-${actualPort}`;
  origin = `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/gu, '')}]` : host}:${actualPort}`;
  return {
    origin, token, visit, address: `${origin}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      ending.abort();
      for (const client of sockets.clients) client.close(1001);
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      server.closeIdleConnections();
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      }, 500).unref();
      await closed;
    },
  };
}

/**
 * Sets the cookie and leads on. After a link on another site a redirect would still count as that site's, and the
 * browser would keep the strict cookie back: there a page of our own leads on instead.
 */
function welcome(request: IncomingMessage, response: ServerResponse, cookie: string, location: string): void {
  const headers = { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' };
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') response.writeHead(303, { ...headers, Location: location }).end();
  else response.writeHead(200, { ...headers, Refresh: `0; url=${location}`, 'Content-Type': 'text/plain; charset=utf-8' }).end('Opening Longtake …\n');
}

/** A program has no address to open. */
const apiTokenReason = 'The token is missing or wrong. It is the "token" in host.json of Longtake\'s folder, and goes where other services have their API key.';

/** A person who opens the page gets one that says what to do; everything else gets a line. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, reason }: Extract<Verdict, { kind: 'refused' }>): void {
  if (request.url?.startsWith(apiPrefix) === true) {
    sendApiError(response, status, { message: status === 401 ? apiTokenReason : reason, type: 'authentication_error', param: null, code: status === 401 ? 'invalid_api_key' : 'forbidden' });
    return;
  }
  const isVisit = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
  if (status !== 401 || !isVisit) { sendText(response, status, reason); return; }
  const nonce = createToken();
  response.writeHead(status, { ...securityHeaders(nonce), 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(unauthorisedPage(nonce));
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new LongtakeError('bad-argument', `Port ${port} of ${host} cannot be used (${error.code ?? error.message}). Choose another one with --port, or 0 for any that is free.`, { host, port }, { cause: error }));
    });
    server.listen(port, host.replace(/^\[|\]$/gu, ''), resolve);
  });
}
