import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const originFile = 'origin.json';
const originSchema = z.object({ repository: z.string(), commit: z.string(), licence: z.string().nullable() });

/** Where a package's checkpoint came from. It stands beside the package's own files and is none of them. */
export type ModelOrigin = z.infer<typeof originSchema>;

export async function writeOrigin(packageDirectory: string, origin: ModelOrigin): Promise<void> {
  await writeFile(path.join(packageDirectory, originFile), JSON.stringify(origin));
}

/** Undefined for models that were not downloaded. */
export async function readOrigin(packageDirectory: string): Promise<ModelOrigin | undefined> {
  const text = await readFile(path.join(packageDirectory, originFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return originSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // it decides nothing
  }
}
