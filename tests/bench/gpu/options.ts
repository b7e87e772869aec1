import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** In the order in which they run; `reference` runs beside the two behind it, which leave the card alone. */
export const stageNames = ['reference', 'checkpoint', 'package', 'speed', 'encode', 'batches', 'ask'] as const;
export type StageName = (typeof stageNames)[number];

export type BenchOptions = ReturnType<typeof readOptions>;

const parts = (text: string): string[] => text.split(',').filter((part) => part !== '');

/** What released.ts and its stages, which are processes of their own, were called with; `scratch` is where things lie that nobody wants to keep. */
export function readOptions(args: readonly string[], scratch: string) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '3b' }, weights: { type: 'string', default: 'float16' }, provider: { type: 'string', default: 'webgpu' },
      minutes: { type: 'string', default: '60' }, frames: { type: 'string', default: '64' }, tokens: { type: 'string', default: '64' }, questions: { type: 'string', default: '3' },
      batches: { type: 'string', default: '1,4,16' }, stages: { type: 'string', default: 'package,speed,encode,ask' }, limit: { type: 'string', default: '600' },
      'provider-option': { type: 'string', multiple: true, default: [] }, card: { type: 'string' },
      kernels: { type: 'string', default: 'auto' },
      directory: { type: 'string', default: '' }, layers: { type: 'string' }, reference: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false },
    },
  });
  const options = z.object({
    size: z.enum(['3b', '7b']), weights: z.enum(['float32', 'float16', 'int8', 'int4']), provider: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']),
    minutes: z.coerce.number().positive(), frames: z.coerce.number().int().positive(), tokens: z.coerce.number().int().positive(), questions: z.coerce.number().int().positive(),
    batches: z.array(z.coerce.number().int().positive()), stages: z.array(z.enum(stageNames)), limit: z.coerce.number().positive(),
    'provider-option': z.array(z.string().regex(/^\w+=\w+$/u)), kernels: z.enum(['auto', 'onnxruntime']), directory: z.string(), layers: z.coerce.number().optional(), card: z.coerce.number().int().optional(), reference: z.boolean(), profile: z.boolean(),
  }).parse({ ...values, batches: parts(values.batches), stages: parts(values.stages) });
  const directory = path.resolve(options.directory === '' ? scratch : options.directory);
  const name = `${options.size}${options.layers === undefined ? '' : `-${String(options.layers)}-layers`}`;
  const wanted = new Set<StageName>([...options.stages, ...(options.reference ? ['reference' as const] : [])]);
  const { 'provider-option': pairs, ...rest } = options;
  return {
    ...rest, directory, providerOptions: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])), keepsDirectory: options.directory !== '',
    checkpoint: path.join(directory, name), packageDirectory: path.join(directory, `${name}-${options.weights}`),
    stages: stageNames.filter((stage) => wanted.has(stage)), seconds: Math.round(options.minutes * 60),
  };
}
