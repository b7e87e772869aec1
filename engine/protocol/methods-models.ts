import { z } from 'zod';
import { weightsSchema, wireErrorResult } from './methods-app.ts';

const nothing = z.strictObject({});
const jobId = z.string().min(1).max(100);

/** What a model can be called: it becomes a folder's name. */
export const modelNameSchema = z.string().min(1).max(100).regex(/^[\w][\w.-]*$/u);

/** Where a model comes from. */
export const modelSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('catalogue'), name: z.string().min(1).max(100), endpoint: z.url().max(500).optional().describe('a mirror') }),
  z.strictObject({
    kind: z.literal('hub'),
    repository: z.string().max(200).regex(/^[\w][\w.-]*\/[\w][\w.-]*$/u).describe('owner/name'),
    revision: z.string().min(1).max(200).default('main').describe('branch, tag or commit; it is pinned to a commit when it is added'),
    endpoint: z.url().max(500).optional().describe('a mirror'),
  }),
  z.strictObject({ kind: z.literal('folder'), directory: z.string().min(1).max(4000) }),
]);
export type ModelSource = z.output<typeof modelSourceSchema>;

/** What running and adding a model takes with one kind of weights, from its shapes. */
export const modelNeedsSchema = z.object({
  weights: weightsSchema,
  downloadBytes: z.number().describe('still to come; 0 for a folder'),
  packageBytes: z.number().describe('what it keeps on the disk once it is there'),
  diskBytes: z.number().describe('what it takes at most while it is added'),
  memoryBytes: z.number().describe('RAM of an answer about an hour, on the CPU'),
  graphicsMemoryBytes: z.number().describe('of an answer about an hour, in float16 on an accelerator'),
  encodeMemoryBytes: z.number().describe('of encoding a video, which needs only the tower'),
  fitsDisk: z.boolean(),
  fitsMemory: z.boolean(),
});
export type ModelNeedsView = z.output<typeof modelNeedsSchema>;

/** How fast a model will be here, forecast from its operations and what this machine was measured to do. */
export const modelSpeedSchema = z.object({
  class: z.enum(['fast', 'usable', 'slow', 'impractical']),
  provider: z.string().describe('what it was forecast for'),
  encodeSecondsPerMinute: z.number().describe('of video at one frame a second'),
  firstTokenSeconds: z.number().describe('of a second or later question about an hour'),
  tokensPerSecond: z.number(),
});

export const installedModelSchema = z.object({
  name: z.string(),
  family: z.string(),
  hasMemaug: z.boolean().describe('without it a model forgets nothing, and its answers look at nothing'),
  weights: weightsSchema,
  byteLength: z.number(),
  encoderName: z.string(),
  encoderFingerprint: z.string(),
  label: z.string().optional(),
  maximumTokens: z.int(),
  inUse: z.boolean(),
  memoryBytes: z.number().describe('RAM of an answer about an hour, on the CPU'),
  graphicsMemoryBytes: z.number().describe('of an answer about an hour, in float16 on an accelerator'),
  /** Where it was downloaded from; absent for the demo model and for folders. */
  origin: z.object({ repository: z.string(), commit: z.string(), licence: z.string().nullable() }).optional(),
});

/** A model on its way: downloaded, then imported. One that is there leaves the list; one that failed stays, and can go on. */
export const modelJobSchema = z.object({
  id: jobId,
  name: z.string().describe('what the model will be called'),
  weights: weightsSchema,
  from: z.string().describe('owner/name, or the folder'),
  commit: z.string().nullable().describe('what is downloaded, once it is resolved'),
  state: z.enum(['queued', 'running', 'paused', 'failed']),
  stage: z.enum(['resolve', 'download', 'import']),
  doneBytes: z.number().describe('of this stage'),
  totalBytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable().describe('of this stage'),
  error: wireErrorResult.nullable(),
});
export type ModelJobView = z.output<typeof modelJobSchema>;

const catalogueEntrySchema = z.object({
  name: modelNameSchema,
  title: z.string(),
  description: z.string(),
  repository: z.string(),
  licence: z.string().nullable().describe('null: the authors have not said'),
  parameters: z.number(),
  downloadBytes: z.number(),
  installed: z.array(weightsSchema),
  recommended: weightsSchema.describe('for this machine'),
  needs: z.array(modelNeedsSchema),
  speed: modelSpeedSchema.nullable().describe('null: not measured yet'),
});

const machineSchema = z.object({ freeDiskBytes: z.number(), memoryBytes: z.number(), graphicsMemoryBytes: z.number().nullable().describe('null: not known') });

export const modelMethods = {
  'models.list': { params: nothing, result: z.object({ models: z.array(installedModelSchema) }) },
  /** The models that Longtake knows by name. `measure` times this machine where that has not been done, which takes seconds. */
  'models.catalogue': {
    params: z.strictObject({ measure: z.boolean().default(false) }),
    result: z.object({ models: z.array(catalogueEntrySchema), machine: machineSchema }),
  },
  /** What a source holds and needs, before anything is downloaded. */
  'models.inspect': {
    params: z.strictObject({ source: modelSourceSchema, token: z.string().max(500).optional() }),
    result: z.object({
      name: z.string().describe('what it would be called'),
      from: z.string(),
      commit: z.string().nullable(),
      licence: z.string().nullable(),
      needs: z.array(modelNeedsSchema),
      machine: machineSchema,
    }),
  },
  /**
   * Downloads and imports a model. Replies at once; the stream `models` shows how far it is, and it goes on without any
   * window and after a restart. Adding what is on its way already gives that job, and lets it go on.
   * The token is kept in memory only.
   */
  'models.add': {
    params: z.strictObject({
      source: modelSourceSchema, name: modelNameSchema.optional(), weights: weightsSchema.default('float16'), token: z.string().max(500).optional(),
    }),
    result: z.object({ job: modelJobSchema }),
  },
  'models.pause': { params: z.strictObject({ jobId }), result: nothing },
  /** Lets a paused or failed one go on from what is there. */
  'models.resume': { params: z.strictObject({ jobId, token: z.string().max(500).optional() }), result: nothing },
  /** Stops it and deletes what was downloaded for it. */
  'models.cancel': { params: z.strictObject({ jobId }), result: nothing },
  /** Without weights: every variant of that name. */
  /** Stops a model that is being loaded. What waits for it is stopped or paused, and loads it when it is asked again. */
  'models.stopLoading': { params: nothing, result: nothing },
  'models.remove': { params: z.strictObject({ name: z.string().min(1), weights: weightsSchema.optional() }), result: nothing },
  /** Compares every file with its hash; `model-invalid` names the first that differs. Reports progress. */
  'models.verify': { params: z.strictObject({ name: z.string().min(1), weights: weightsSchema.optional() }), result: z.object({ files: z.int(), byteLength: z.number() }) },
} as const;
