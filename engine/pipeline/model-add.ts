import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { HubConnection, type HubOptions } from '../checkpoint/hub/connection.ts';
import { downloadFiles } from '../checkpoint/hub/download.ts';
import { presentBytes } from '../checkpoint/hub/partial-file.ts';
import { textDirectory } from '../checkpoint/checkpoint.ts';
import { ensureTokenizerFile } from '../checkpoint/tokenizer-file.ts';
import { lockMemory } from '../memory/lock.ts';
import { buildModelPackage } from '../models/package.ts';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import type { Home } from './home.ts';
import { jobDirectory, readJob, writeJob, type ModelJobFile } from './model-job-file.ts';
import { modelNeeds, readMachine, refuseModelWithoutRoom } from './model-needs.ts';
import { writeOrigin } from './model-origin.ts';
import { readSource } from './model-source.ts';
import type { InstalledModel } from './model-store.ts';

export type AddOptions = WorkOptions & { readonly hub?: Omit<HubOptions, 'endpoint'> | undefined };

/**
 * Does what is left of a job: resolves its commit, downloads, imports. Only one process is at it. Afterwards the model is
 * installed and the job gone; after an error everything that has come is there, and this can be called again.
 */
export async function runModelJob(home: Home, id: string, options: AddOptions): Promise<InstalledModel> {
  const directory = jobDirectory(home, id);
  const lock = await lockMemory(directory).catch((error: unknown) => {
    throw isLongtakeError(error, 'library-busy') ? new LongtakeError('library-busy', 'This model is being added by another Longtake already.', { job: id }, { cause: error }) : error;
  });
  try {
    const job = await pinned(home, requireJob(home, id), options);
    const checkpoint = job.source.kind === 'folder' ? job.source.directory : path.join(directory, 'checkpoint');
    if (job.source.kind === 'hub') await downloadCheckpoint(home, job, checkpoint, options);
    else await refuseFolderWithoutRoom(home, job);
    const target = path.join(home.modelsDirectory, `${job.name}-${job.weights}`);
    const spec = await buildModelPackage(checkpoint, target, {
      weights: job.weights, checkpointSha256: verifiedIdentity(job), draftDirectory: path.join(directory, 'draft'), signal: options.signal,
      onProgress: ({ done, total }) => { options.onProgress?.({ stage: 'import', done, ...(total !== undefined && { total }) }); },
    });
    if (job.source.kind === 'hub' && job.pinned !== null) await writeOrigin(target, { repository: job.source.repository, commit: job.pinned.commit, licence: job.pinned.licence });
    await rm(directory, { recursive: true, force: true });
    return { name: job.name, directory: target, spec };
  } catch (error) {
    throw isFullDisk(error) ? new LongtakeError('disk-full', `The disk of ${home.modelsDirectory} became full. Make room and continue; what was done is kept.`, { directory: home.modelsDirectory }, { cause: error }) : error;
  } finally {
    await lock.release();
  }
}

/** A hash over the Hub's hashes, with which every downloaded file was compared. */
function verifiedIdentity({ pinned: found }: ModelJobFile): string | undefined {
  const hashes = found?.files.map(({ name, sha256, gitBlobId }) => [name, sha256 ?? gitBlobId]);
  if (hashes === undefined || hashes.some(([, hash]) => hash === undefined)) return undefined;
  return createHash('sha256').update(JSON.stringify(hashes)).digest('hex');
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

async function refuseFolderWithoutRoom(home: Home, job: ModelJobFile): Promise<void> {
  if (existsSync(path.join(jobDirectory(home, job.id), 'draft'))) return;
  const { shape } = await readSource(job.source, {});
  await refuseModelWithoutRoom(home, modelNeeds(shape, job.weights, 0, await readMachine(home)).packageBytes);
}

export function requireJob(home: Home, id: string): ModelJobFile {
  const job = readJob(home, id);
  if (job === undefined) throw new LongtakeError('not-found', `No model is being added under "${id}".`, { job: id });
  return job;
}

/** Resolves the revision once: what is downloaded is that commit, however often the download is continued. */
async function pinned(home: Home, job: ModelJobFile, { hub = {}, signal }: AddOptions): Promise<ModelJobFile> {
  if (job.pinned !== null || job.source.kind === 'folder') return job;
  const { commit, licence, files, shape } = await readSource(job.source, hub, signal);
  const { packageBytes } = modelNeeds(shape, job.weights, 0, await readMachine(home));
  const next: ModelJobFile = { ...job, pinned: { commit: commit ?? '', licence, packageBytes, files: files.map((file) => ({ ...file })) } };
  writeJob(home, next);
  return next;
}

async function downloadCheckpoint(home: Home, job: ModelJobFile, checkpoint: string, { hub = {}, signal, onProgress }: AddOptions): Promise<void> {
  if (job.source.kind !== 'hub' || job.pinned === null) return;
  const files = job.pinned.files.map((file) => ({ ...file, sha256: file.sha256, gitBlobId: file.gitBlobId }));
  const present = await Promise.all(files.map(({ name, byteLength }) => presentBytes(path.join(checkpoint, name), byteLength)));
  const missing = files.reduce((sum, { byteLength }) => sum + byteLength, 0) - present.reduce((sum, bytes) => sum + bytes, 0);
  // A draft that is being resumed has part of the package already; it is too little to matter before it matters.
  if (!existsSync(path.join(jobDirectory(home, job.id), 'draft'))) await refuseModelWithoutRoom(home, missing + job.pinned.packageBytes);
  using connection = new HubConnection({ ...hub, endpoint: job.source.endpoint });
  await downloadFiles(connection, { repository: job.source.repository, commit: job.pinned.commit, licence: undefined, files }, files, checkpoint, {
    signal, onBytes: (done, total) => { onProgress?.({ stage: 'download', done, total }); },
  });
  await ensureTokenizerFile(await textDirectory(checkpoint));
}
