import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What goes wrong, each with its probability a request (0 to 1). */
export type Faults = {
  /** The connection is cut after a random share of the answer. */
  readonly cut: number;
  /** One byte of the answer is another one. */
  readonly wrongByte: number;
  /** From now on the content has another name (and, with `otherContent`, is another one). */
  readonly newEtag: number;
  /** 429 with Retry-After, or 503 without. */
  readonly busy: number;
  /** The answer is of another range than was asked for. */
  readonly wrongRange: number;
};
export const noFaults: Faults = { cut: 0, wrongByte: 0, newEtag: 0, busy: 0, wrongRange: 0 };

export type FakeHubOptions = {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly random?: () => number;
  /** A gated repository opens to this token only. */
  readonly token?: string;
  readonly licence?: string;
  readonly retryAfter?: string;
  readonly ignoresRange?: boolean;
};

export type FakeHub = AsyncDisposable & {
  readonly endpoint: string;
  readonly commit: string;
  faults: Faults;
  /** Bytes a second of each answer; undefined as quick as it goes. */
  pace: number | undefined;
  /** Moves the branch: new commit, new files. */
  move(files: ReadonlyMap<string, Uint8Array>): void;
  /** Requests in order, by the name of the host that got them. */
  readonly requests: { readonly host: 'hub' | 'storage'; readonly url: string; readonly authorization: string | undefined; readonly range: string | undefined }[];
};

export const fakeRepository = 'someone/hour-model';

/** Files larger than this are "large" ones: they have a sha256 and lie on the second host. */
const largeBytes = 10_000;

/**
 * A server that answers as the Hub does: `/api/models/NAME/revision/REVISION?blobs=true`, `/NAME/resolve/COMMIT/FILE`,
 * a redirect of large files to a second host with a signed query, ETags, ranges. On loopback, two ports.
 */
export async function startFakeHub(options: FakeHubOptions): Promise<FakeHub> {
  const random = options.random ?? Math.random;
  const requests: FakeHub['requests'] = [];
  let faults = noFaults;
  let pace: number | undefined;
  const histories = new Map([[commitOf(options.files), options.files]]);
  let commit = commitOf(options.files);
  let etagSuffix = '';
  const happens = (probability: number): boolean => probability > 0 && random() < probability;

  const storage = createServer((request, response) => {
    note('storage', request);
    const [, storedCommit = '', name = ''] = new URL(request.url ?? '', 'http://x').pathname.split('/');
    const content = histories.get(storedCommit)?.get(decodeURIComponent(name));
    if (content === undefined) { response.writeHead(404).end(); return; }
    if (busy(response)) return;
    sendBytes(request, response, content);
  });
  const storageOrigin = await listen(storage);

  const hub = createServer((request, response) => {
    note('hub', request);
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
      response.writeHead(request.headers.authorization === undefined ? 401 : 403).end('{"error":"gated"}');
      return;
    }
    if (busy(response)) return;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const info = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/u.exec(pathname);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/u.exec(pathname);
    const revision = info?.[2] ?? file?.[2] ?? '';
    const found = revision === 'main' ? commit : revision;
    const files = histories.get(found);
    if ((info?.[1] ?? file?.[1]) !== fakeRepository || files === undefined) { response.writeHead(404).end('{"error":"Repository not found"}'); return; }
    if (info !== null) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(describe(found, files, searchParams.get('blobs') === 'true', options.licence)));
      return;
    }
    const name = decodeURIComponent(file?.[3] ?? '');
    const content = files.get(name);
    if (content === undefined) { response.writeHead(404).end('{"error":"Entry not found"}'); return; }
    if (content.byteLength > largeBytes) {
      response.writeHead(302, {
        location: `${storageOrigin}/${found}/${encodeURIComponent(name)}?X-Signature=secret`,
        'x-repo-commit': found, 'x-linked-size': content.byteLength, 'x-linked-etag': `"${sha256(content)}"`,
      }).end();
      return;
    }
    response.setHeader('x-repo-commit', found);
    sendBytes(request, response, content);
  });
  const endpoint = await listen(hub);

  function note(host: 'hub' | 'storage', request: IncomingMessage): void {
    requests.push({ host, url: request.url ?? '', authorization: request.headers.authorization, range: request.headers.range });
  }

  function busy(response: ServerResponse): boolean {
    if (!happens(faults.busy)) return false;
    if (random() < 0.5) response.writeHead(429, { 'retry-after': options.retryAfter ?? '0' }).end();
    else response.writeHead(503).end();
    return true;
  }

  function sendBytes(request: IncomingMessage, response: ServerResponse, content: Uint8Array): void {
    const range = options.ignoresRange === true ? null : /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? '');
    if (happens(faults.newEtag)) etagSuffix = `-${String(Math.floor(random() * 1e9))}`;
    const headers = { 'etag': `"${sha256(content)}${etagSuffix}"`, 'accept-ranges': 'bytes' };
    let start = 0;
    let end = content.byteLength;
    if (range !== null) {
      start = Number(range[1]);
      end = Math.min(content.byteLength, Number(range[2]) + 1);
      if (start >= content.byteLength) { response.writeHead(416, { 'content-range': `bytes */${String(content.byteLength)}` }).end(); return; }
      if (start > 0 && happens(faults.wrongRange)) start -= 1;
    }
    const body = Buffer.from(content.subarray(start, end));
    if (body.byteLength > 0 && happens(faults.wrongByte)) {
      const place = Math.floor(random() * body.byteLength);
      body[place] = (body[place] as number) ^ 1;
    }
    response.writeHead(range === null ? 200 : 206, {
      ...headers, 'content-length': body.byteLength,
      ...(range === null ? {} : { 'content-range': `bytes ${String(start)}-${String(end - 1)}/${String(content.byteLength)}` }),
    });
    if (pace !== undefined) { void sendSlowly(response, body, pace); return; }
    if (!happens(faults.cut)) { response.end(body); return; }
    response.write(body.subarray(0, Math.floor(random() * body.byteLength)), () => { response.destroy(); });
  }

  return {
    endpoint, requests,
    get commit() { return commit; },
    get faults() { return faults; },
    set faults(next: Faults) { faults = next; },
    get pace() { return pace; },
    set pace(next: number | undefined) { pace = next; },
    move(files) {
      commit = commitOf(files);
      histories.set(commit, files);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([hub, storage].map((server) => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      })));
    },
  };
}

/** Ten pieces a second, until it is there or nobody listens any more. */
async function sendSlowly(response: ServerResponse, body: Uint8Array, bytesPerSecond: number): Promise<void> {
  const pieceBytes = Math.ceil(bytesPerSecond / 10);
  for (let at = 0; at < body.byteLength && !response.destroyed; at += pieceBytes) {
    response.write(body.subarray(at, at + pieceBytes));
    await pause(100, undefined, { ref: false });
  }
  response.end();
}

function describe(commit: string, files: ReadonlyMap<string, Uint8Array>, blobs: boolean, licence: string | undefined): unknown {
  return {
    id: fakeRepository, sha: commit, private: false, gated: false, tags: licence === undefined ? [] : [`license:${licence}`],
    siblings: [...files].map(([rfilename, content]) => ({
      rfilename,
      ...(blobs ? {
        size: content.byteLength,
        blobId: createHash('sha1').update(`blob ${String(content.byteLength)}\0`).update(content).digest('hex'),
        ...(content.byteLength > largeBytes ? { lfs: { sha256: sha256(content), size: content.byteLength, pointerSize: 135 } } : {}),
      } : {}),
    })),
  };
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function commitOf(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha1');
  for (const [name, content] of files) hash.update(name).update(content);
  return hash.digest('hex');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
