import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { checkpointSha256, checkpointStamp } from '../models/fingerprint.ts';
import { buildModelPackage, readModelSpec } from '../models/package.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { Home } from './home.ts';

/** The model that ships with Longtake: it understands only the drawn town of the sample video. */
export const demoModelName = 'demo';
const embeddedCheckpoint = path.join(import.meta.dirname, '../../resources/model');

export type InstalledModel = { readonly name: string; readonly directory: string; readonly spec: ModelSpec };

export type ModelRequest = {
  /** `demo`, the name of an installed model, or the folder of a checkpoint. */
  readonly name: string;
  /** How its weights are kept; by default float32, or what an installed one has. */
  readonly weights?: ModelSpec['weights'] | undefined;
};

/**
 * The package of a model, built from its checkpoint on first use. The demo model is built again where the shipped
 * checkpoint has changed. Throws `model-not-found` and what building throws.
 */
export async function resolveModel(home: Home, request: ModelRequest, options: WorkOptions = {}): Promise<InstalledModel> {
  if (request.name === demoModelName) return await installModel(home, embeddedCheckpoint, demoModelName, request.weights ?? 'float32', options);
  const installed = (await listModels(home)).find(({ name, spec }) =>
    name === request.name && (request.weights === undefined || spec.weights === request.weights));
  if (installed !== undefined) return installed;
  if (existsSync(path.join(request.name, 'config.json'))) {
    const directory = path.resolve(request.name);
    return await installModel(home, directory, path.basename(directory), request.weights ?? 'float32', options);
  }
  const withWeights = request.weights === undefined ? '' : ` with ${request.weights} weights`;
  throw new LongtakeError('model-not-found', `There is no model "${request.name}"${withWeights}. `
    + '"longtake models" lists what is installed; the folder of a checkpoint (with its config.json) can be given instead.',
  { model: request.name });
}

/** Makes a package of a checkpoint folder under a name, or takes the one that was made of the same checkpoint. */
export async function installModel(
  home: Home, checkpointDirectory: string, name: string, weights: ModelSpec['weights'], { onProgress, signal }: WorkOptions = {},
): Promise<InstalledModel> {
  const directory = path.join(home.modelsDirectory, `${name}-${weights}`);
  const existing = await tryReadSpec(directory);
  if (existing !== undefined && await isMadeOf(directory, existing, checkpointDirectory, signal)) return { name, directory, spec: existing };
  if (existing === undefined) rmSync(directory, { recursive: true, force: true });
  const stamp = await checkpointStamp(checkpointDirectory).catch(() => undefined); // what is wrong with it is said by the import
  const spec = await buildModelPackage(checkpointDirectory, directory, { weights, onProgress, signal });
  if (stamp !== undefined) writeFileSync(path.join(directory, stampFile), stamp);
  return { name, directory, spec };
}

const stampFile = 'checkpoint.stamp';

/** Whether a package was made of a checkpoint: by the times of its files, and only where those differ by their bytes. */
async function isMadeOf(directory: string, spec: ModelSpec, checkpointDirectory: string, signal: AbortSignal | undefined): Promise<boolean> {
  const stamp = await checkpointStamp(checkpointDirectory);
  const file = path.join(directory, stampFile);
  if (existsSync(file) && readFileSync(file, 'utf8') === stamp) return true;
  if (spec.checkpointSha256 !== await checkpointSha256(checkpointDirectory, signal)) return false;
  writeFileSync(file, stamp);
  return true;
}

export async function listModels(home: Home): Promise<InstalledModel[]> {
  const models: InstalledModel[] = [];
  for (const entry of readdirSync(home.modelsDirectory).sort()) {
    const directory = path.join(home.modelsDirectory, entry);
    const spec = statSync(directory).isDirectory() && !entry.startsWith('.') ? await tryReadSpec(directory) : undefined;
    if (spec !== undefined) models.push({ name: entry.slice(0, -`-${spec.weights}`.length), directory, spec });
  }
  return models;
}

/** Deletes an installed model. Memories stay: they belong to the encoder, not to the package. Throws `model-not-found`. */
export async function removeModel(home: Home, name: string, weights?: ModelSpec['weights']): Promise<readonly InstalledModel[]> {
  const found = (await listModels(home)).filter((model) => model.name === name && (weights === undefined || model.spec.weights === weights));
  if (found.length === 0) throw new LongtakeError('model-not-found', `No model "${name}" is installed. "longtake models" lists what is.`, { model: name });
  for (const { directory } of found) rmSync(directory, { recursive: true, force: true });
  return found;
}

/** A package that cannot be read is as good as none: it is made again from its checkpoint. */
async function tryReadSpec(directory: string): Promise<ModelSpec | undefined> {
  try {
    return await readModelSpec(directory);
  } catch (error) {
    if (isLongtakeError(error, 'model-not-found') || isLongtakeError(error, 'model-invalid') || isLongtakeError(error, 'newer-version')) return undefined;
    throw error;
  }
}
