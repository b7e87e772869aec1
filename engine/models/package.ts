import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createHash } from 'node:crypto';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { readCheckpoint } from '../checkpoint/checkpoint.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { ConversionThreadsOptions } from './conversion-threads.ts';
import { resolveFamily } from './families.ts';
import type { Family } from './families.ts';
import { checkpointSha256, checkpointStamp } from './fingerprint.ts';
import { packageFiles } from './graph-names.ts';
import { writeNetworks } from './networks.ts';
import { packageVersion, parseModelSpec } from './spec.ts';
import type { ModelSpec } from './spec.ts';
import type { WeightFormat } from './weight-store.ts';

export type PackageOptions = {
  readonly weights: WeightFormat;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Where the package comes into being; what an earlier attempt left there is used. Nobody else may be at work in it.
   * Without it every attempt has a folder of its own, which goes when it fails.
   */
  readonly draftDirectory?: string | undefined;
  /** What stands for the checkpoint's bytes where they have been compared with hashes just now: they are not hashed again. */
  readonly checkpointSha256?: string | undefined;
  /** In how many threads weights are converted. */
  readonly conversion?: ConversionThreadsOptions | undefined;
};

/**
 * Turns a Hugging Face checkpoint folder into a model package: graphs, external weights, tokenizer, `model.json` with
 * the sha256 of every file. Few pieces of one tensor are in memory at a time, or the whole of a matrix that is transposed
 * and the one before it, which is being written. The folder appears complete or not at all; an older package in its place
 * is replaced at the end.
 * Errors: those of `readCheckpoint`, `checkpoint-unsupported`, `bad-argument` where the target is something else, `cancelled`.
 */
export async function buildModelPackage(checkpointDirectory: string, packageDirectory: string, options: PackageOptions): Promise<ModelSpec> {
  const target = resolve(packageDirectory);
  await requireReplaceable(target);
  const checkpoint = await readCheckpoint(checkpointDirectory);
  const stop = new AbortController(); // for what still runs beside, when the import fails
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const draft = options.draftDirectory ?? join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const family = await resolveFamily(checkpoint);
    await mkdir(draft, { recursive: true });
    const spec = await writeDraft(checkpoint, family, draft, { ...options, signal });
    await replaceDirectory(draft, target);
    return spec;
  } finally {
    stop.abort();
    await checkpoint.close();
    if (options.draftDirectory === undefined) await rm(draft, { recursive: true, force: true });
  }
}

/** Reads the `model.json` of a package. Errors: `model-not-found`, `model-invalid`, `newer-version`. */
export async function readModelSpec(packageDirectory: string): Promise<ModelSpec> {
  const path = join(packageDirectory, packageFiles.manifest);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new LongtakeError('model-not-found', `There is no model in ${packageDirectory} (no ${packageFiles.manifest}).`, { path }, { cause });
    }
    throw new LongtakeError('model-invalid', `${path} cannot be read as JSON. Prepare the model again.`, { path }, { cause });
  }
  return parseModelSpec(path, json);
}

/** Compares every file with its recorded size and sha256; throws `model-invalid` with the first that differs. */
export async function verifyModelPackage(packageDirectory: string, options: Omit<PackageOptions, 'weights'> = {}): Promise<ModelSpec> {
  const spec = await readModelSpec(packageDirectory);
  let done = 0;
  for (const file of spec.files) {
    throwIfCancelled(options.signal);
    const path = join(packageDirectory, file.name);
    const found = await stat(path).catch(() => undefined);
    if (found?.size !== file.byteLength || await sha256OfFile(path) !== file.sha256) {
      throw new LongtakeError('model-invalid', `${path} is ${found === undefined ? 'missing' : 'damaged'}. Prepare the model again.`, { path });
    }
    done += file.byteLength;
    options.onProgress?.({ stage: 'verify', done, total: spec.byteLength });
  }
  return spec;
}

async function writeDraft(checkpoint: Checkpoint, family: Family, draft: string, options: PackageOptions): Promise<ModelSpec> {
  if (options.draftDirectory !== undefined) await keepOnlyOwn(draft, checkpoint, options.weights);
  const hashing = options.checkpointSha256 === undefined ? checkpointSha256(checkpoint.directory, options.signal) : Promise.resolve(options.checkpointSha256);
  hashing.catch(() => undefined); // awaited below, where the networks were written
  const networks = await writeNetworks(checkpoint, family, draft, { ...options, resume: options.draftDirectory !== undefined });
  await copyFile(checkpoint.tokenizerPath, join(draft, packageFiles.tokenizer));
  await writeFile(join(draft, packageFiles.generationConfig), `${JSON.stringify(checkpoint.generationConfig, null, 1)}\n`);
  const files = [...networks.files];
  for (const name of [packageFiles.tokenizer, packageFiles.generationConfig]) {
    const path = join(draft, name);
    files.push({ name, byteLength: (await stat(path)).size, sha256: await sha256OfFile(path) });
  }
  const { config } = checkpoint;
  const spec: ModelSpec = {
    version: packageVersion,
    family: family.name,
    weights: options.weights,
    ...family.dimensions,
    spatialSamplingType: config.spatial_sampling_type,
    checkpointSha256: await hashing,
    encoderFingerprint: networks.encoderFingerprint,
    encoderName: `${config.mm_vision_tower ?? 'siglip'}${family.dimensions.uniform === undefined ? '' : ' with projector'}`,
    embeddings: networks.embeddings,
    ...(config.longtake_label === undefined ? {} : { label: config.longtake_label }),
    ...(config.longtake_time_step_seconds === undefined ? {} : { timeStepSeconds: config.longtake_time_step_seconds }),
    byteLength: files.reduce((sum, file) => sum + file.byteLength, 0),
    files,
  };
  await writeFile(join(draft, packageFiles.manifest), `${JSON.stringify(spec, null, 1)}\n`);
  for (const name of await readdir(draft)) if (name === draftFile || name.endsWith('.journal')) await rm(join(draft, name));
  await flushDirectory(draft);
  return spec;
}

/** Says of what a draft is made; another checkpoint or format begins anew. */
const draftFile = 'draft.json';

async function keepOnlyOwn(draft: string, checkpoint: Checkpoint, weights: WeightFormat): Promise<void> {
  const own = JSON.stringify({ version: packageVersion, weights, stamp: await checkpointStamp(checkpoint.directory) });
  if (await readFile(join(draft, draftFile), 'utf8').catch(() => undefined) === own) return;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, draftFile), own, { flush: true });
}

async function requireReplaceable(target: string): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) {
    await mkdir(dirname(target), { recursive: true });
    return;
  }
  const manifest = await stat(join(target, packageFiles.manifest)).catch(() => undefined);
  if (found.isDirectory() && manifest?.isFile() === true) return;
  throw new LongtakeError('bad-argument', `${target} exists and is not a model package: choose another folder.`, { path: target });
}

async function replaceDirectory(draft: string, target: string): Promise<void> {
  const old = `${draft}.old`;
  const existed = await rename(target, old).then(() => true, () => false);
  await rename(draft, target);
  await flushDirectory(dirname(target));
  if (existed) await rm(old, { recursive: true, force: true });
}

/** Makes renames and new files in a folder survive a power cut; Windows cannot open folders and need not. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) hash.update(chunk as Uint8Array);
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
