import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Home } from './home.ts';

/** What is kept of a model that is being added: MODELS/.adding/NAME-WEIGHTS/job.json. Tokens are not. */
const jobFileSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  weights: z.enum(['float32', 'float16', 'int8', 'int4']),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('hub'), name: z.string(), repository: z.string(), revision: z.string(), endpoint: z.string().optional() }),
    z.object({ kind: z.literal('folder'), name: z.string(), directory: z.string() }),
  ]),
  /** Once it is resolved, nothing else is downloaded. */
  pinned: z.object({
    commit: z.string(),
    licence: z.string().nullable(),
    packageBytes: z.number(),
    files: z.array(z.object({ name: z.string(), byteLength: z.int().nonnegative(), sha256: z.string().optional(), gitBlobId: z.string().optional() })),
  }).nullable(),
  state: z.enum(['queued', 'paused', 'failed']),
  error: z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()) }).nullable(),
  addedAtMs: z.number(),
});
export type ModelJobFile = z.infer<typeof jobFileSchema>;

const jobFile = 'job.json';

export function jobsDirectory(home: Home): string {
  return path.join(home.modelsDirectory, '.adding');
}

export function jobDirectory(home: Home, id: string): string {
  return path.join(jobsDirectory(home), id);
}

/** In the order in which they were added. A folder whose job cannot be read is none. */
export function readJobs(home: Home): ModelJobFile[] {
  if (!existsSync(jobsDirectory(home))) return [];
  return readdirSync(jobsDirectory(home)).flatMap((id) => readJob(home, id) ?? []).sort((one, other) => one.addedAtMs - other.addedAtMs);
}

export function readJob(home: Home, id: string): ModelJobFile | undefined {
  try {
    const job = jobFileSchema.parse(JSON.parse(readFileSync(path.join(jobDirectory(home, id), jobFile), 'utf8')));
    return job.id === id ? job : undefined;
  } catch {
    return undefined;
  }
}

export function writeJob(home: Home, job: ModelJobFile): void {
  const directory = jobDirectory(home, job.id);
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, jobFile);
  writeFileSync(`${file}.new`, JSON.stringify(jobFileSchema.parse(job)), { flush: true });
  renameSync(`${file}.new`, file);
}
