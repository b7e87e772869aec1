import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/** Version of `model.json` and of everything it names. Packages are cheap to make again: other versions are refused. */
export const packageVersion = 3;

const count = z.int().positive();
const tokenId = z.int().nonnegative();

export const modelSpecSchema = z.object({
  version: z.literal(packageVersion),
  family: z.literal('hour-llava'),
  weights: z.enum(['float32', 'float16', 'int8', 'int4']),
  vision: z.object({
    imageSize: count, // pixels, both sides
    patchSize: count,
    poolGrid: count, // side of the pooled grid
    channels: count, // of a feature
    layers: count,
    heads: count,
    intermediate: count,
    layerNormEpsilon: z.number().positive(),
  }),
  text: z.object({
    hidden: count,
    layers: count,
    intermediate: count,
    heads: count,
    keyHeads: count,
    headSize: count,
    vocabulary: count,
    /** Longest sequence, prompt and answer together. */
    maximumLength: count,
    rmsNormEpsilon: z.number().positive(),
    ropeTheta: z.number().positive(),
    tiedEmbeddings: z.boolean(),
    endIds: z.array(tokenId).min(1),
    newlineId: tokenId,
    imStartId: tokenId,
    imEndId: tokenId,
    /** "assistant" as tokens: the header of the turns that MemAug does not see. */
    assistantIds: z.array(tokenId).min(1),
  }),
  /** Tokens of one frame in the memory, without the newline: poolGrid². */
  tokensPerFrame: count,
  memaugDepth: count,
  spatialSamplingType: z.enum(['random', 'uniform']),
  /** Hash over the stored checkpoint tensors and config. */
  checkpointSha256: z.string(),
  /** Hash over the tower's tensors and the preprocessing: memories belong to it, whatever answers from them. */
  encoderFingerprint: z.string(),
  encoderName: z.string(),
  /** Where token embeddings lie: row i at byteOffset + i · hidden · element size of decoder.weights. */
  embeddings: z.object({ byteOffset: z.int().nonnegative(), type: z.enum(['float32', 'float16']) }),
  /** Said beside every answer of a model that is only a demonstration. */
  label: z.string().optional(),
  /** By how many seconds the model counts when it tells a time; absent where it tells the second. */
  timeStepSeconds: count.optional(),
  byteLength: z.int().nonnegative(),
  files: z.array(z.object({ name: z.string(), byteLength: z.int().nonnegative(), sha256: z.string() })),
});

/** What a model package is: the contents of its `model.json`. */
export type ModelSpec = z.infer<typeof modelSpecSchema>;

/** Sizes only: what can be known of a model before its tokenizer is there. */
export type ModelShape = Pick<ModelSpec, 'vision' | 'tokensPerFrame' | 'memaugDepth'> & { readonly text: Omit<ModelSpec['text'], TokenIdKey> };
export type TokenIdKey = 'endIds' | 'newlineId' | 'imStartId' | 'imEndId' | 'assistantIds';

/** The parts of a spec that the graphs' shapes follow from. */
export type ModelDimensions = Pick<ModelSpec, 'vision' | 'text' | 'tokensPerFrame' | 'memaugDepth'>;

/** Parses a `model.json`; throws `newer-version` or `model-invalid`. */
export function parseModelSpec(path: string, json: unknown): ModelSpec {
  const version = z.object({ version: z.int() }).safeParse(json);
  if (version.success && version.data.version > packageVersion) {
    throw new LongtakeError('newer-version',
      `${path} was written by a newer Longtake (package version ${String(version.data.version)}, this one reads ${String(packageVersion)}). Update Longtake.`,
      { path, version: version.data.version });
  }
  const result = modelSpecSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new LongtakeError('model-invalid',
    `${path}: "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unreadable'}. Prepare the model again.`, { path });
}
