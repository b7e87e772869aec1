import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from './python.ts';

export const shippedFolder = join(repository, 'resources/model');

const tensorSchema = z.object({ dtype: z.string(), shape: z.array(z.number()) });

/** Names, types and shapes in a checkpoint's safetensors file, from its header alone. */
export function tensorsOf(folder: string): Map<string, z.infer<typeof tensorSchema>> {
  const file = readFileSync(join(folder, 'model.safetensors'));
  const header: unknown = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString('utf8'));
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(header));
  return new Map(
    entries.filter(([name]) => name !== '__metadata__').map(([name, entry]) => [name, tensorSchema.parse(entry)]),
  );
}

/** What a checkpoint adds to the repository: its weights and its tokenizer. */
export function byteLengthOf(folder: string): number {
  return ['model.safetensors', 'tokenizer.json'].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
