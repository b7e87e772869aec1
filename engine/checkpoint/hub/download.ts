import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { isLongtakeError, LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { isVilaPart } from '../vila-config.ts';
import { single, type HubConnection } from './connection.ts';
import { completePartial, PartialFile, presentBytes, removePartial, type Piece } from './partial-file.ts';
import { fileUrl, type HubFile, type HubRepository } from './repository.ts';
import { retrying, Transient } from './retry.ts';

export type DownloadOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are there of all files, after every piece of data. */
  readonly onBytes?: ((done: number, total: number) => void) | undefined;
  /** Default 4. */
  readonly connections?: number;
  /** What one request asks for; default 64 MiB. */
  readonly pieceBytes?: number;
  /** Left free on the disk; default 256 MiB. */
  readonly reserveBytes?: number;
};

/** The server's content is another one than before: what came so far is worth nothing. */
class ContentChanged extends Error {}

/** How often a file is begun anew, before the download is refused. */
const mostRestarts = 3;
const pinFile = 'download.json';
const pinSchema = z.object({ repository: z.string(), commit: z.string() });

/**
 * Downloads the given files of a repository into a folder, and goes on with what is there. Every file is compared with
 * the Hub's hash before it gets its name. Errors: `disk-full` (before it starts, where that can be seen),
 * `network-failed`, `access-denied`, `not-found`, `download-invalid`, `cancelled`. After any of them the folder can be
 * continued; `bad-argument` where it holds another repository or commit.
 */
export async function downloadFiles(
  connection: HubConnection, repository: HubRepository, files: readonly HubFile[], directory: string, options: DownloadOptions = {},
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await pin(repository, directory);
  const total = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const present = await Promise.all(files.map(({ name, byteLength }) => presentBytes(join(directory, name), byteLength)));
  await requireRoom(directory, total - present.reduce((sum, bytes) => sum + bytes, 0), options.reserveBytes ?? 256 * 1024 * 1024);
  for (const [index, file] of files.entries()) {
    const others = present.reduce((sum, bytes, other) => (other === index ? sum : sum + bytes), 0);
    await downloadFile(connection, repository, file, directory, { ...options, onBytes: (done) => { options.onBytes?.(others + done, total); } });
    present[index] = file.byteLength;
  }
}

/** Two commits of a repository are never mixed in one folder. */
async function pin({ repository, commit }: HubRepository, directory: string): Promise<void> {
  const path = join(directory, pinFile);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    await writeFile(path, JSON.stringify({ repository, commit }), { flush: true });
    return;
  }
  const found = pinSchema.safeParse(JSON.parse(text));
  if (found.success && found.data.repository === repository && found.data.commit === commit) return;
  throw new LongtakeError('bad-argument',
    `${directory} holds ${found.success ? `${found.data.repository} at ${found.data.commit}` : 'another download'}; ${repository} at ${commit} is not mixed with it. Remove the folder or choose another one.`,
    { directory, repository, commit });
}

async function requireRoom(directory: string, missingBytes: number, reserveBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  if (missingBytes === 0 || missingBytes + reserveBytes <= freeBytes) return;
  throw new LongtakeError('disk-full',
    `${describeBytes(missingBytes)} are still to be downloaded and the drive of ${directory} has ${describeBytes(freeBytes)} free. Make room, or move the library to another drive.`,
    { missingBytes, freeBytes });
}

async function downloadFile(
  connection: HubConnection, repository: HubRepository, file: HubFile, directory: string, options: DownloadOptions,
): Promise<void> {
  if ((basename(file.name) !== file.name && !isVilaPart(file.name)) || file.name === pinFile) {
    throw new LongtakeError('download-invalid', `The repository has a file "${file.name}" that Longtake does not store.`, { file: file.name });
  }
  const path = join(directory, file.name);
  await mkdir(dirname(path), { recursive: true });
  if ((await stat(path).catch(() => undefined))?.size === file.byteLength) return;
  let reason = '';
  for (let start = 0; start < mostRestarts; start += 1) {
    throwIfCancelled(options.signal);
    try {
      await fetchPieces(connection, repository, file, path, options);
      const wrong = await mismatch(`${path}.part`, file, options.signal);
      if (wrong === undefined) {
        await completePartial(path);
        return;
      }
      reason = wrong;
    } catch (error) {
      if (!(error instanceof ContentChanged)) throw diskError(error, path);
      reason = error.message;
    }
    await removePartial(path);
  }
  throw new LongtakeError('download-invalid',
    `"${file.name}" of ${repository.repository} did not arrive as the Hub describes it: ${reason} (tried ${String(mostRestarts)} times). Try again later, or use another mirror.`,
    { file: file.name, repository: repository.repository, commit: repository.commit });
}

/** All pieces of a file, over several connections. The first that fails stops the others; what came of them is kept. */
async function fetchPieces(
  connection: HubConnection, repository: HubRepository, file: HubFile, path: string, options: DownloadOptions,
): Promise<void> {
  const partial = await PartialFile.open(path, file.byteLength, options.pieceBytes ?? 64 * 1024 * 1024);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const waiting = partial.pieces.filter(({ start, end, done }) => done < end - start);
  const url = fileUrl(connection, repository, file.name);
  const worker = async (): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
      const current = piece;
      await retrying(connection.retry, signal, async (progressed) => {
        await fetchPiece(connection, url, repository.commit, file, partial, current, signal, () => {
          progressed();
          options.onBytes?.(partial.doneBytes, file.byteLength);
        });
      });
      await partial.saveNowAndThen();
    }
  };
  try {
    const ended = await Promise.allSettled(Array.from({ length: options.connections ?? 4 }, () => worker().catch((error: unknown) => {
      stop.abort();
      throw error;
    })));
    const reasons = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    throwIfCancelled(options.signal);
    // Those that were stopped because of another one say only that.
    const [first] = [...reasons.filter((error) => !isLongtakeError(error, 'cancelled')), ...reasons];
    if (first !== undefined) throw first;
  } finally {
    await partial.save().catch(() => undefined); // a full disk; what was saved before is intact
    await partial.close();
  }
}

async function fetchPiece(
  connection: HubConnection, url: URL, commit: string, file: HubFile, partial: PartialFile, piece: Piece, signal: AbortSignal, onBytes: () => void,
): Promise<void> {
  const from = piece.start + piece.done;
  if (from >= piece.end) return;
  const whole = from === 0 && piece.end === file.byteLength;
  const response = await connection.get(url, whole ? {} : { range: `bytes=${String(from)}-${String(piece.end - 1)}` }, signal);
  try {
    requireRightPart(response.status, response.headers, { whole, from, end: piece.end, byteLength: file.byteLength });
    if (response.commit !== undefined && response.commit !== commit) throw new ContentChanged(`it comes from commit ${response.commit}`);
    const etag = single(response.headers.etag);
    partial.etag ??= etag;
    if (etag !== undefined && partial.etag !== etag) throw new ContentChanged('its content changed while it was downloaded');
    for await (const part of response.body as AsyncIterable<Buffer>) {
      const room = piece.end - piece.start - piece.done;
      if (part.byteLength > room) throw new ContentChanged('more came than was asked for');
      await partial.write(piece, part);
      onBytes();
    }
  } catch (error) {
    if (isConnectionError(error)) throw new Transient(`${url.host} closed the connection`, { cause: error });
    throw error;
  } finally {
    response.body.destroy();
  }
  if (piece.done < piece.end - piece.start) throw new Transient(`${url.host} sent less than it announced`);
}

type Wanted = { readonly whole: boolean; readonly from: number; readonly end: number; readonly byteLength: number };

function requireRightPart(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, wanted: Wanted): void {
  if (status === 416) throw new ContentChanged('it is shorter than the Hub says');
  if (wanted.whole && status === 200) {
    const length = single(headers['content-length']);
    if (length !== undefined && Number(length) !== wanted.byteLength) throw new ContentChanged(`it has ${length} bytes instead of ${String(wanted.byteLength)}`);
    return;
  }
  if (status !== 206) throw new LongtakeError('download-invalid', `The server sends only whole files (${String(status)} to a request for a part). Use another mirror.`, { status });
  const range = single(headers['content-range']);
  const expected = `bytes ${String(wanted.from)}-${String(wanted.end - 1)}/`;
  if (range === undefined || !range.startsWith(expected)) throw new Transient(`the server sent "${range ?? 'no range'}" where "${expected}…" was asked for`);
  const total = range.slice(expected.length);
  if (total !== '*' && Number(total) !== wanted.byteLength) throw new ContentChanged(`it has ${total} bytes instead of ${String(wanted.byteLength)}`);
}

/** Errors of sockets and streams; those of files have a path or an errno of writing. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof LongtakeError || error instanceof ContentChanged || error instanceof Transient) return false;
  return !isDiskError(error);
}

const diskCodes = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'EBADF'];

function isDiskError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && diskCodes.includes(String(error.code));
}

function diskError(error: unknown, path: string): unknown {
  if (!isDiskError(error)) return error;
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(error.code)) {
    return new LongtakeError('disk-full', `The disk became full while ${path} was written. Make room and continue; what has come is kept.`, { path }, { cause: error });
  }
  return new LongtakeError(error.code === 'EIO' ? 'file-unreadable' : 'read-only', `${path} cannot be written (${error.code}).`, { path }, { cause: error });
}

/** What is wrong with a file's bytes; undefined where they are what the Hub says. */
async function mismatch(path: string, { byteLength, sha256, gitBlobId }: HubFile, signal: AbortSignal | undefined): Promise<string | undefined> {
  const hash = sha256 === undefined ? createHash('sha1').update(`blob ${String(byteLength)}\0`) : createHash('sha256');
  const expected = sha256 ?? gitBlobId;
  if (expected === undefined) return undefined;
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      throwIfCancelled(signal);
      hash.update(chunk);
    }
  });
  const found = hash.digest('hex');
  return found === expected ? undefined : `its hash is ${found} instead of ${expected}`;
}
