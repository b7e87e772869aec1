import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const { version, dependencies } = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')));

export const engineVersion = version;
/** Dependencies are pinned exactly, so what package.json says is what runs. */
export const runtimeVersion = dependencies['onnxruntime-node'] ?? 'unknown';
