import { z } from 'zod';
import { LongtakeError } from '../../protocol/errors.ts';
import { shown, type HubConnection } from './connection.ts';
import { retrying, Transient } from './retry.ts';

/** One file of a repository at a commit. */
export type HubFile = {
  readonly name: string;
  readonly byteLength: number;
  /** Of large files; small ones are known by what git calls them. */
  readonly sha256: string | undefined;
  readonly gitBlobId: string | undefined;
};

/** A repository at one commit: a branch can move while it is downloaded, a commit cannot. */
export type HubRepository = {
  readonly repository: string;
  readonly commit: string;
  readonly licence: string | undefined;
  readonly files: readonly HubFile[];
};

const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/u),
  tags: z.array(z.string()).default([]),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
  siblings: z.array(z.object({
    rfilename: z.string(),
    size: z.int().nonnegative().nullish(),
    blobId: z.string().regex(/^[0-9a-f]{40}$/u).nullish(),
    lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/u), size: z.int().nonnegative() }).nullish(),
  })),
});

const longestInfoBytes = 32 * 1024 * 1024;

/** What a repository holds at a branch, tag or commit, and which commit that is. */
export async function readRepository(connection: HubConnection, repository: string, revision: string, signal?: AbortSignal): Promise<HubRepository> {
  const url = connection.url('api', 'models', repository, 'revision', revision);
  url.searchParams.set('blobs', 'true');
  const text = await readText(connection, url, longestInfoBytes, signal);
  const parsed = infoSchema.safeParse(tryParse(text));
  if (!parsed.success) {
    throw new LongtakeError('download-invalid', `${shown(url)} did not answer as a Hub does: ${z.prettifyError(parsed.error).split('\n')[0] ?? ''}.`, { host: url.host });
  }
  const { sha, siblings, cardData, tags } = parsed.data;
  const declared = cardData?.license ?? tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
  return {
    repository, commit: sha, licence: Array.isArray(declared) ? declared.join(', ') : declared,
    files: siblings.map(({ rfilename, size, blobId, lfs }) => {
      const byteLength = lfs?.size ?? size;
      if (byteLength === undefined || byteLength === null) {
        throw new LongtakeError('download-invalid', `${shown(url)} does not say how large "${rfilename}" is.`, { host: url.host, file: rfilename });
      }
      return { name: rfilename, byteLength, sha256: lfs?.sha256, gitBlobId: blobId ?? undefined };
    }),
  };
}

/** Where the bytes of a file are. */
export function fileUrl(connection: HubConnection, { repository, commit }: Pick<HubRepository, 'repository' | 'commit'>, name: string): URL {
  return connection.url(repository, 'resolve', commit, name);
}

/** A small text, whole. */
export async function readText(connection: HubConnection, url: URL, longestBytes: number, signal?: AbortSignal): Promise<string> {
  return await retrying(connection.retry, signal, async () => {
    const { body } = await connection.get(url, {}, signal);
    const parts: Buffer[] = [];
    let byteLength = 0;
    try {
      for await (const part of body as AsyncIterable<Buffer>) {
        byteLength += part.byteLength;
        if (byteLength > longestBytes) throw new LongtakeError('download-invalid', `${shown(url)} is longer than such a file can be.`, { host: url.host });
        parts.push(part);
      }
    } catch (cause) {
      if (cause instanceof LongtakeError) throw cause;
      throw new Transient(`${url.host} ended before its answer did`, { cause });
    }
    return Buffer.concat(parts).toString('utf8');
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
