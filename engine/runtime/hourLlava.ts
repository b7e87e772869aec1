import { decoderNames, joinNames, packageFiles } from '../models/graphNames.ts';
import { answerNeeds } from '../models/memoryNeeds.ts';
import { memaugQuery, memaugTextMask, videoIndex } from '../models/memaugQuery.ts';
import type { TextMask } from '../models/memaugQuery.ts';
import { readModelSpec } from '../models/package.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { FeatureSource, RetainedTokens, TokenSelection } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { buildCrossMemory, crossMemoryOutputs } from './crossMemory.ts';
import type { BuildOptions, CrossMemory, CrossMemorySessions } from './crossMemory.ts';
import { Decoder } from './decoder.ts';
import { EmbeddingTable } from './embeddingTable.ts';
import { encodeFrames, inspectFrames } from './encode.ts';
import type { VisionValues } from './encode.ts';
import { lookedAt } from './lookedAt.ts';
import type { LookedAtSessions } from './lookedAt.ts';
import { runMemaug } from './memaugRun.ts';
import type { MemaugSessions } from './memaugRun.ts';
import { memoryTokens } from './memoryTokens.ts';
import { onFirstDevice } from './providers.ts';
import type { ProviderChoice, RefusedProvider } from './providers.ts';
import { GraphSession, outputPlaces } from './session.ts';
import type { Device, GraphOptions, ProviderName } from './session.ts';
import { allocate, toFloat32 } from './tensors.ts';
import type { Numbers } from './tensors.ts';

export type OpenOptions = {
  /** Default 'auto': the first that works of WebGPU and CPU. */
  readonly provider?: ProviderChoice;
  /** Threads of the CPU provider; default one a core. */
  readonly threads?: number;
  /** Runs as if on this device instead of choosing one: tests cover an accelerator's graphs on the CPU with it. */
  readonly device?: Device;
  /** Bytes that answering may take; default what the system has left. More is refused before it is allocated. */
  readonly memoryLimitBytes?: number;
  /** Load only what encoding or answering needs; default both. */
  readonly parts?: 'encode' | 'answer' | 'all';
};

/** What a prompt is made of. */
export type PromptInput = {
  /** Token ids; −200 stands for the video, exactly once. */
  readonly inputIds: Int32Array;
  readonly features: FeatureSource;
  /** Keys and values of what the cross-attention is to see. */
  readonly cross: CrossMemory;
  /** What the decoder is to read of the memory, on the same time axis. */
  readonly retained: RetainedTokens;
  /** Default 'train': MemAug sees the text that it saw in training. */
  readonly textMask?: TextMask;
};

/** Intermediate rows for golden tests and evaluation, [rows, hidden]. */
export type InspectStage = (stage: 'memaug-input' | 'memaug-output' | 'embeddings', rows: Float32Array) => void;

export type PrefillOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Default true; without it `lookedAt` is empty and the first token a little earlier. */
  readonly measureLookedAt?: boolean;
  readonly inspect?: InspectStage;
};

/** A decoder that has read its prompt. Dispose of it before the model. */
export type Generation = {
  /** [vocabulary] at the end of the prompt. */
  readonly logits: Float32Array;
  /** Share of attention that each frame of the memory got, [frameCount]; sums to one. See `lookedAt.ts`. */
  readonly lookedAt: Float32Array;
  /** Appends one token; the logits after it, [vocabulary]. Throws `question-too-long` at the end of the context. */
  readonly next: (tokenId: number) => Promise<Float32Array>;
  readonly sequenceLength: number;
  readonly dispose: () => void;
};

/** A loaded Hour-LLaVA. */
export type HourLlava = {
  readonly spec: ModelSpec;
  readonly provider: ProviderName;
  readonly compute: 'float32' | 'float16';
  /** 'plain' where the provider's fused attention was found to compute wrongly; slower. */
  readonly attention: 'fused' | 'plain';
  readonly refusedProviders: readonly RefusedProvider[];
  /** How many cross memories were built: once a memory, never once a question. */
  readonly crossMemoryBuilds: number;
  /**
   * frames u8 [frameCount, imageSize, imageSize, 3] RGB → features as float16 bits [frameCount, tokensPerFrame, channels].
   * The bytes of a frame's features do not depend on what else is in the batch.
   */
  readonly encodeFrames: (frames: Uint8Array, frameCount: number, options?: { signal?: AbortSignal | undefined }) => Promise<Uint16Array<ArrayBuffer>>;
  /** The tower's values before rounding, for comparisons with the reference. */
  readonly inspectFrames: (frames: Uint8Array, frameCount: number) => Promise<VisionValues>;
  readonly buildCrossMemory: (memory: FeatureSource, selection: TokenSelection, options?: BuildOptions) => Promise<CrossMemory>;
  readonly prefill: (prompt: PromptInput, options?: PrefillOptions) => Promise<Generation>;
  readonly dispose: () => Promise<void>;
};

type AnswerSessions = CrossMemorySessions & MemaugSessions & LookedAtSessions & { readonly decoder: GraphSession; readonly embeddings: EmbeddingTable };

/** The rows at the end of a prompt whose attention is measured. */
const measuredRows = 128;

/**
 * Loads a model package.
 * Errors: `model-not-found`, `model-invalid`, `newer-version`, `provider-unavailable`.
 */
export async function openHourLlava(packageDirectory: string, options: OpenOptions = {}): Promise<HourLlava> {
  const spec = await readModelSpec(packageDirectory);
  const open = (device: Device, refused: readonly RefusedProvider[]) => openOn(device, refused, packageDirectory, spec, options);
  if (options.device !== undefined) return await open(options.device, []);
  return await onFirstDevice(options.provider ?? 'auto', spec.weights, options.threads, open);
}

async function openOn(
  device: Device, refused: readonly RefusedProvider[], packageDirectory: string, spec: ModelSpec, options: OpenOptions,
): Promise<HourLlava> {
  const opened: { dispose: () => Promise<void> }[] = [];
  const open = async (fileName: string, graphOptions?: GraphOptions): Promise<GraphSession> => {
    const session = await GraphSession.open(packageDirectory, fileName, device, graphOptions);
    opened.push(session);
    return session;
  };
  const dispose = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.dispose();
  };
  const parts = options.parts ?? 'all';
  try {
    const vision = parts === 'answer' ? undefined : await open(packageFiles.vision, { attends: true });
    const answer = parts === 'encode' ? undefined : await openAnswerSessions(open, spec, device);
    if (answer === undefined) return assemble(spec, device, refused, vision, undefined, options, dispose);
    const embeddings = await EmbeddingTable.open(packageDirectory, spec, device.compute);
    opened.push({ dispose: () => embeddings.close() });
    return assemble(spec, device, refused, vision, { ...answer, embeddings }, options, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openAnswerSessions(
  open: (fileName: string, graphOptions?: GraphOptions) => Promise<GraphSession>, spec: ModelSpec, device: Device,
): Promise<Omit<AnswerSessions, 'embeddings'>> {
  const blocks: GraphSession[] = [];
  for (let block = 0; block < spec.memaugDepth; block += 1) blocks.push(await open(packageFiles.memaugBlock(block), { attends: true }));
  const layers = Array.from({ length: spec.text.layers }, (_, layer) => layer);
  const decoderPlaces = outputPlaces(
    layers.flatMap((layer) => [decoderNames.newKey(layer), decoderNames.newValue(layer), decoderNames.query(layer)]),
    [decoderNames.logits]);
  return {
    projector: await open(packageFiles.projector),
    crossMemory: await open(packageFiles.crossMemory, { places: outputPlaces(crossMemoryOutputs(spec)) }),
    join: await open(packageFiles.join, { places: outputPlaces([joinNames.joined]) }),
    queryKeys: await open(packageFiles.queryKeys),
    blocks,
    decoder: device.keepsTensors
      ? await open(packageFiles.decoderDevice, { places: decoderPlaces, attends: true })
      : await open(packageFiles.decoder),
    probe: await open(device.keepsTensors ? packageFiles.probeDevice : packageFiles.probe),
    shares: await open(packageFiles.shares),
  };
}

function assemble(
  spec: ModelSpec, device: Device, refusedProviders: readonly RefusedProvider[],
  vision: GraphSession | undefined, answer: AnswerSessions | undefined,
  options: OpenOptions, dispose: () => Promise<void>,
): HourLlava {
  let crossMemoryBuilds = 0;
  const loaded = <Part>(part: Part | undefined, name: string): Part => {
    if (part === undefined) throw new LongtakeError('internal', `The model was opened without its ${name} part.`);
    return part;
  };
  return {
    spec, provider: device.provider, compute: device.compute, attention: device.attention, refusedProviders,
    get crossMemoryBuilds() { return crossMemoryBuilds; },
    encodeFrames: (frames, frameCount, options = {}) => encodeFrames(loaded(vision, 'encode'), spec, device, frames, frameCount, options.signal),
    inspectFrames: (frames, frameCount) => inspectFrames(loaded(vision, 'encode'), spec, frames, frameCount),
    buildCrossMemory: async (memory, selection, buildOptions = {}) => {
      const sessions = loaded(answer, 'answer');
      if (!device.keepsTensors) requireMemory(spec, selection, options.memoryLimitBytes ?? process.availableMemory());
      crossMemoryBuilds += 1;
      return await buildCrossMemory(sessions, spec, device, memory, selection, buildOptions);
    },
    prefill: (prompt, options = {}) => prefill(loaded(answer, 'answer'), spec, device, prompt, options),
    dispose,
  };
}

/** Refuses a memory whose keys and values would not fit, with the numbers. The weights are loaded by now. */
function requireMemory(spec: ModelSpec, selection: TokenSelection, availableBytes: number): void {
  const needs = answerNeeds(spec, 'float32', selection.tokens.length);
  const neededBytes = needs.crossMemoryBytes + needs.blockCopyBytes;
  if (neededBytes <= availableBytes) return;
  const megabytes = (bytes: number) => `${String(Math.ceil(bytes / 1e6))} MB`;
  throw new LongtakeError('out-of-memory',
    `Answering over ${String(selection.frames.length)} frames takes ${megabytes(neededBytes)} and ${megabytes(availableBytes)} are free. Ask about a shorter part, or close other programs.`,
    { neededBytes, availableBytes });
}

async function prefill(
  sessions: AnswerSessions, spec: ModelSpec, device: Device, prompt: PromptInput, options: PrefillOptions,
): Promise<Generation> {
  const { hidden, maximumLength } = spec.text;
  const { inputIds, retained } = prompt;
  const mask = memaugTextMask(inputIds, prompt.textMask ?? 'train', spec.text);
  const query = memaugQuery(inputIds, mask, retained, spec.tokensPerFrame);
  const promptLength = inputIds.length - 1 + query.videoRows;
  if (promptLength >= maximumLength) {
    throw new LongtakeError('question-too-long',
      `The question and the conversation take ${String(promptLength)} tokens with the video; the model reads at most ${String(maximumLength - 1)}.`,
      { promptLength, maximumLength });
  }
  const report = (share: number) => options.onProgress?.({ stage: 'answer', done: share, total: 1 });
  const video = await memoryTokens(sessions.projector, spec, device, prompt.features, retained, 0, retained.frames.length);
  const queryRows = joinRows(device, [await sessions.embeddings.rows(query.prefixIds), video, await sessions.embeddings.rows(query.suffixIds)]);
  options.inspect?.('memaug-input', toFloat32(queryRows));
  const augmented = await runMemaug(sessions, spec, device, queryRows, query.positions, prompt.cross,
    { signal: options.signal, onShare: (share) => report(0.8 * share) });
  options.inspect?.('memaug-output', toFloat32(augmented.rows));

  const videoStart = videoIndex(inputIds);
  const rowsOf = (values: Numbers, width: number) => values.subarray(query.prefixIds.length * width, (query.prefixIds.length + query.videoRows) * width);
  const embeddings = joinRows(device, [
    await sessions.embeddings.rows(inputIds.subarray(0, videoStart)),
    rowsOf(augmented.rows, hidden),
    await sessions.embeddings.rows(inputIds.subarray(videoStart + 1)),
  ]);
  options.inspect?.('embeddings', toFloat32(embeddings));

  const decoder = new Decoder(sessions.decoder, spec, device, promptLength);
  try {
    const measure = options.measureLookedAt ?? true;
    const { logits, queries } = await decoder.read(embeddings, promptLength, {
      signal: options.signal,
      onShare: (share) => { report(0.8 + 0.2 * share); },
      ...(measure ? { lastPieceStart: Math.max(videoStart + query.videoRows, promptLength - measuredRows) } : {}),
    });
    const width = spec.text.heads * spec.text.headSize;
    const shares = queries === undefined ? new Float32Array() : await lookedAt(sessions, spec, device, {
      signal: options.signal, queries, cache: decoder.cache, videoStart, videoRows: query.videoRows, memory: prompt.cross,
      crossQueries: augmented.crossQueries.map((rows) => rowsOf(rows, width)),
    }, prompt.features.frameCount);
    return generation(sessions.embeddings, spec, decoder, logits, shares);
  } catch (error) {
    decoder.dispose();
    throw error;
  }
}

function generation(
  embeddings: EmbeddingTable, spec: ModelSpec, decoder: Decoder, logits: Float32Array, shares: Float32Array,
): Generation {
  return {
    logits,
    lookedAt: shares,
    get sequenceLength() { return decoder.cache.length; },
    next: async (tokenId) => {
      if (decoder.cache.length >= spec.text.maximumLength) {
        throw new LongtakeError('question-too-long', `The answer has reached the end of the model's context, ${String(spec.text.maximumLength)} tokens.`,
          { maximumLength: spec.text.maximumLength });
      }
      return await decoder.step(await embeddings.rows([tokenId]));
    },
    dispose: () => { decoder.dispose(); },
  };
}

function joinRows(device: Device, parts: readonly Numbers[]): Numbers {
  const joined = allocate(device.compute, parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}
