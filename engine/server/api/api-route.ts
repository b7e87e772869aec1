import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectEngine } from '../../protocol/envelope-client.ts';
import { maximumMessageBytes } from '../../protocol/envelope.ts';
import { readBody } from '../web/read-body.ts';
import type { ShellEngine } from '../web/socket-transport.ts';
import { refusal, sendApiError, sendJson, toApiError } from './api-error.ts';
import { listApiModels } from './api-models.ts';
import { completeChat } from './chat-completions.ts';

export const apiPrefix = '/v1/';

/**
 * The part of OpenAI's API that answers about videos (docs/automation.md). Each request is a client of the engine of its own, and gone with its connection;
 * once `ending` fires, as the host is closed, whoever still waits is told so.
 */
export async function respondApi(engine: Pick<ShellEngine, 'connect'>, request: IncomingMessage, response: ServerResponse, pathname: string, ending: AbortSignal): Promise<void> {
  const client = connectEngine(engine.connect());
  const closed = new AbortController();
  const leave = (): void => { client.close(); };
  ending.addEventListener('abort', leave, { once: true });
  response.once('close', () => {
    ending.removeEventListener('abort', leave);
    closed.abort();
    client.close();
  });
  try {
    const target = pathname.slice(apiPrefix.length);
    if (target === 'chat/completions') {
      if (allows(request, response, 'POST')) await completeChat(client, await readJson(request), response, closed.signal);
    } else if (target === 'models' || target.startsWith('models/')) {
      if (!allows(request, response, 'GET')) return;
      const models = await listApiModels(client);
      const wanted = target === 'models' ? undefined : decodeName(target.slice('models/'.length));
      const found = models.find(({ id }) => id === wanted);
      if (wanted === undefined) sendJson(response, 200, { object: 'list', data: models });
      else if (found !== undefined) sendJson(response, 200, found);
      else throw refusal('model', `There is no model ${JSON.stringify(wanted)}. GET /v1/models lists them.`, 'model-not-found');
    } else {
      throw refusal('path', `Longtake has GET /v1/models and POST /v1/chat/completions, and nothing at ${pathname}.`, 'not-found');
    }
  } catch (error) {
    if (closed.signal.aborted) return; // nobody is left to be told
    const { status, error: described } = toApiError(error);
    if (response.headersSent) response.destroy();
    else sendApiError(response, status, described);
  }
}

function allows(request: IncomingMessage, response: ServerResponse, method: 'GET' | 'POST'): boolean {
  if (request.method === method) return true;
  response.setHeader('Allow', method);
  sendApiError(response, 405, { message: `This address takes ${method} only.`, type: 'invalid_request_error', param: null, code: 'bad-argument' });
  return false;
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw refusal('model', 'The name of the model is not readable.');
  }
}

/** As long as a message of the protocol may be. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, maximumMessageBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('body', 'The body is not JSON.');
  }
}
