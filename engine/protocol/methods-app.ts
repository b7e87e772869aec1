import { z } from 'zod';

const nothing = z.strictObject({});
export const weightsSchema = z.enum(['float32', 'float16', 'int8', 'int4']);
export const providerChoiceSchema = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export const wireErrorResult = z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()).optional() });

/** The engine's settings decide how videos are read and questions answered; `interface` is the renderer's own, kept for it. */
export const settingsSchema = z.object({
  model: z.string().min(1).max(500).default('demo'),
  provider: providerChoiceSchema.default('auto'),
  weights: weightsSchema.nullable().default(null).describe('null: as installed'),
  graphicsLimitBytes: z.number().positive().nullable().default(null).describe('of a graphics device; null: as much as there is'),
  spatialForgetting: z.enum(['uniform', 'random']).nullable().default(null).describe('null: as the checkpoint says'),
  textMask: z.enum(['train', 'all']).default('train').describe('which text MemAug sees'),
  subtitles: z.boolean().default(false).describe('whether the model reads them'),
  decoding: z.enum(['exact', 'fast']).default('exact'),
  sample: z.boolean().nullable().default(null).describe('null: as the checkpoint says'),
  maxNewTokens: z.int().min(1).max(4096).default(256),
  interface: z.record(z.string().max(100), z.json()).default({}),
});
export type Settings = z.infer<typeof settingsSchema>;

const settingsChange = z.strictObject({
  model: z.string().min(1).max(500).optional(),
  provider: providerChoiceSchema.optional(),
  weights: weightsSchema.nullable().optional(),
  graphicsLimitBytes: z.number().positive().nullable().optional(),
  spatialForgetting: z.enum(['uniform', 'random']).nullable().optional(),
  textMask: z.enum(['train', 'all']).optional(),
  subtitles: z.boolean().optional(),
  decoding: z.enum(['exact', 'fast']).optional(),
  sample: z.boolean().nullable().optional(),
  maxNewTokens: z.int().min(1).max(4096).optional(),
  interface: z.record(z.string().max(100), z.json()).optional().describe('merged by key; null removes one'),
});

/** What the model in use is doing, and on what. */
export const modelStatusSchema = z.object({
  state: z.enum(['idle', 'preparing', 'loading', 'ready', 'failed']).describe('loading: a part of it that is needed now, which models.stopLoading stops'),
  name: z.string(),
  label: z.string().optional().describe('what must be said beside every answer of a model that is only a demonstration'),
  share: z.number().optional().describe('of the preparation, 0 to 1'),
  provider: z.string().optional().describe('absent until a part of the model is loaded'),
  refusedProviders: z.array(z.object({ provider: z.string(), reason: z.string() })),
  error: wireErrorResult.optional(),
});

const diagnosticsSchema = z.object({
  versions: z.record(z.string(), z.string()),
  platform: z.string(),
  processors: z.string(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  residentBytes: z.number().describe('what this process holds'),
  freeDiskBytes: z.number(),
  home: z.string(),
  ffmpeg: z.object({ version: z.string(), source: z.string(), path: z.string() }).or(z.object({ missing: z.string() })),
  model: modelStatusSchema,
});

/** The door for other programs of this machine: the OpenAI-style API and MCP over HTTP (docs/automation.md). */
export const programDoorSchema = z.object({
  offered: z.boolean().describe('false where the shell is a web host, which has one already'),
  on: z.boolean(),
  api: z.string().optional().describe('base address of the OpenAI-style API, while it is open'),
  mcp: z.string().optional(),
  key: z.string().optional(),
  error: wireErrorResult.optional().describe('why it is not open although it is on'),
});

export const appMethods = {
  'app.info': {
    params: nothing,
    result: z.object({
      version: z.string(),
      processId: z.int(),
      home: z.string(),
      sample: z.object({ title: z.string(), questions: z.array(z.string()) }).nullable().describe('the bundled video, for queue.addSample, and what it can be asked'),
      model: modelStatusSchema,
    }),
  },
  /** Tries the providers where none is loaded yet; for "copy diagnostics". */
  'app.diagnostics': { params: nothing, result: diagnosticsSchema },
  'programs.get': { params: nothing, result: programDoorSchema },
  /** Kept for the next start, with port and key. */
  'programs.set': { params: z.strictObject({ on: z.boolean() }), result: programDoorSchema },
  'settings.get': { params: nothing, result: settingsSchema },
  'settings.change': { params: settingsChange, result: settingsSchema },
} as const;
