import * as http from 'node:http';
import * as https from 'node:https';
import { LongtakeError } from '../../protocol/errors.ts';
import { defaultRetryPolicy, Transient, transientStatus, type RetryPolicy } from './retry.ts';

export type HubOptions = {
  /** Default: `HF_ENDPOINT`, or the Hub itself. */
  readonly endpoint?: string | undefined;
  /** For gated and private repositories. Default: `HF_TOKEN`. It goes to the endpoint's own host and nowhere else. */
  readonly token?: string | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Where proxies, endpoint and token are read from. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
};

export type HubResponse = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** What the endpoint itself said before it redirected to where the bytes lie. */
  readonly commit: string | undefined;
  readonly body: http.IncomingMessage;
};

const defaultEndpoint = 'https://huggingface.co';
const mostRedirects = 5;
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u;

/** Requests to one Hub, through the proxies that the environment names (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). Dispose of it. */
export class HubConnection implements Disposable {
  readonly endpoint: URL;
  readonly retry: RetryPolicy;
  readonly #token: string | undefined;
  readonly #plain: http.Agent;
  readonly #secure: https.Agent;

  constructor({ endpoint, token, retry, environment = process.env }: HubOptions = {}) {
    this.endpoint = parseEndpoint(endpoint ?? (environment['HF_ENDPOINT'] || defaultEndpoint));
    this.retry = { ...defaultRetryPolicy, ...retry };
    this.#token = token ?? (environment['HF_TOKEN'] || undefined);
    if (this.#token !== undefined && this.endpoint.protocol !== 'https:' && !loopback.test(this.endpoint.hostname)) {
      throw new LongtakeError('bad-argument', `A token would be sent to ${this.endpoint.host} unencrypted. Use an https address.`, { endpoint: this.endpoint.origin });
    }
    const agentOptions = { keepAlive: true, proxyEnv: { ...environment } };
    this.#plain = new http.Agent(agentOptions);
    this.#secure = new https.Agent(agentOptions);
  }

  /** An address below the endpoint; every part is escaped. */
  url(...parts: readonly string[]): URL {
    const base = this.endpoint.pathname.replace(/\/$/u, '');
    return new URL(`${this.endpoint.origin}${base}/${parts.map((part) => part.split('/').map(encodeURIComponent).join('/')).join('/')}`);
  }

  /**
   * One GET, following redirects. Throws `access-denied` and `not-found` as they are, and {@link Transient} for what may
   * go away. Statuses below 400 and 416 are the caller's.
   */
  async get(url: URL, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<HubResponse> {
    let current = url;
    let commit: string | undefined;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const body = await this.#send(current, headers, signal);
      const status = body.statusCode ?? 0;
      commit ??= single(body.headers['x-repo-commit']);
      const location = body.headers.location;
      if (status >= 300 && status < 400 && location !== undefined) {
        body.resume();
        const next = new URL(location, current);
        if (current.protocol === 'https:' && next.protocol !== 'https:') {
          throw new LongtakeError('network-failed', `${shown(current)} redirects to an address without encryption.`, { host: next.host });
        }
        current = next;
        continue;
      }
      if (status >= 400 && status !== 416) {
        body.resume();
        throw this.#refusal(current, status, body.headers);
      }
      return { status, headers: body.headers, commit, body };
    }
    throw new LongtakeError('network-failed', `${shown(url)} redirects more than ${String(mostRedirects)} times.`, { host: url.host });
  }

  [Symbol.dispose](): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #send(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<http.IncomingMessage> {
    const authorization = this.#token !== undefined && url.host === this.endpoint.host && url.protocol === this.endpoint.protocol
      ? { authorization: `Bearer ${this.#token}` } : {};
    const options = {
      headers: { 'user-agent': 'longtake', 'accept-encoding': 'identity', ...headers, ...authorization },
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const request = url.protocol === 'https:'
        ? https.get(url, { ...options, agent: this.#secure }, resolve)
        : http.get(url, { ...options, agent: this.#plain }, resolve);
      request.setTimeout(this.retry.silenceMs, () => { request.destroy(new Error(`nothing was heard for ${String(this.retry.silenceMs / 1000)} s`)); });
      request.on('error', (cause) => {
        reject(signal?.aborted === true ? new LongtakeError('cancelled', 'Stopped.') : new Transient(`${url.host}: ${cause.message}`, { cause }));
      });
    });
  }

  #refusal(url: URL, status: number, headers: http.IncomingHttpHeaders): Error {
    const data = { host: url.host, status };
    if (status === 401 || status === 403) {
      const advice = this.#token === undefined
        ? 'If it is gated or private, accept its terms on its page and give an access token (HF_TOKEN).'
        : 'The access token that was given does not open it: accept its terms on its page, or make a token that may read it.';
      return new LongtakeError('access-denied', `${shown(url)} may not be read (${String(status)}). ${advice}`, data);
    }
    if (status === 404) return new LongtakeError('not-found', `There is no ${shown(url)} (404). Check the name and the revision.`, data);
    const transient = transientStatus(status, headers['retry-after']);
    return transient === undefined
      ? new LongtakeError('network-failed', `${shown(url)} answered ${String(status)}.`, data)
      : new Transient(`${url.host} answered ${String(status)}`, { retryAfterMs: transient.retryAfterMs });
  }
}

/** An address as it may be shown: queries hold signatures, and the user part holds passwords. */
export function shown(url: URL): string {
  return `${url.host}${url.pathname}`;
}

export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function parseEndpoint(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new LongtakeError('bad-argument', 'The address of the Hub or of its mirror must begin with https:// (or http://).', {});
}
