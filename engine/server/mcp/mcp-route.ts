import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { maximumMessageBytes } from '../../protocol/envelope.ts';
import { isLongtakeError } from '../../protocol/errors.ts';
import { sendText } from '../web/responses.ts';
import { readBody } from '../web/read-body.ts';
import type { EngineSource } from '../engine-link.ts';
import { createMcpServer } from './mcp-server.ts';

export type McpRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * `longtake mcp` over HTTP ("Streamable HTTP"), for whoever has passed the host's guard. Every exchange has a server of its own:
 * there are no sessions, and a closed connection stops what it has asked for.
 */
export function createMcpRoute(link: EngineSource): McpRoute {
  const handler = createMcpHandler(() => createMcpServer(link), { maxRequestBodySize: maximumMessageBytes });
  return async (request, response) => {
    const closed = new AbortController();
    response.once('close', () => { closed.abort(); });
    const body = await readBody(request, maximumMessageBytes).catch((error: unknown) => {
      if (!isLongtakeError(error)) throw error;
      sendText(response, 413, error.message);
      return undefined;
    });
    if (body === undefined) return;
    const answer = await handler.fetch(toWebRequest(request, body, closed.signal));
    response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'Cache-Control': 'no-store' });
    await pipeline(answer.body ?? [], response).catch(() => { response.destroy(); }); // the client has gone
  };
}

function toWebRequest(request: IncomingMessage, body: string, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value));
  const method = request.method ?? 'GET';
  return new Request(`http://localhost${request.url ?? '/'}`, { method, headers, signal, ...method !== 'GET' && method !== 'HEAD' && { body } });
}
