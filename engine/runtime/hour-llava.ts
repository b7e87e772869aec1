import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { cacheRoomNames, decoderNames, packageFiles, projectorNames } from '../models/graph-names.ts';
import { readModelSpec } from '../models/package.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import { planAnswer } from './answer-plan.ts';
import { CrossAttention } from './cross-attention.ts';
import { buildCrossMemory } from './cross-memory.ts';
import type { BuildOptions, CrossMemory } from './cross-memory.ts';
import { Decoder } from './decoder.ts';
import type { DecoderSessions } from './decoder.ts';
import { isDeviceFailure, isKernelFailure, knownFailure, knownKernelFailure, noteFailure, noteKernelFailure } from './device-failure.ts';
import { EmbeddingTable } from './embedding-table.ts';
import { graphEncoder, requireFrames } from './encode.ts';
import type { FrameEncoder, VisionValues } from './encode.ts';
import { kernelWorksApart } from './examine-apart.ts';
import { withFallback } from './fallback.ts';
import { graphicsMemory } from './graphics-memory.ts';
import { crossMemoryOutputs } from './key-collectors.ts';
import { PieceJoiner } from './piece-joiner.ts';
import { prefill } from './prefill.ts';
import type { AnswerSessions, Generation, PrefillOptions, PromptInput } from './prefill.ts';
import { openKernelTower } from './open-kernel-tower.ts';
import { onFirstDevice } from './providers.ts';
import type { ProviderChoice, RefusedProvider } from './providers.ts';
import { GraphSession, outputPlaces } from './session.ts';
import type { Device, GraphOptions, ProviderName } from './session.ts';

export type OpenOptions = {
  /** Default 'auto': the first that works of WebGPU and CPU. */
  readonly provider?: ProviderChoice;
  /** Threads of the CPU provider; default one a core. */
  readonly threads?: number;
  /** Who attends to the memory and encodes frames; default 'auto': our own kernels where the device has matrix units. 'plain' is for tests. */
  readonly crossAttention?: 'auto' | 'onnxruntime' | 'plain' | undefined;
  /** Runs as if on this device instead of choosing one: tests cover an accelerator's graphs on the CPU with it. */
  readonly device?: Device;
  /** Bytes that answering may take; default what the system has left. More is refused before it is allocated. */
  readonly memoryLimitBytes?: number;
  /** Bytes of the graphics device that an answer may take; default nine tenths of what it has, where that is known. */
  readonly graphicsLimitBytes?: number | undefined;
  /** Called when the model goes on on another device because the one it was on has failed. */
  readonly onMoved?: ((model: HourLlava) => void) | undefined;
  /** Load only what encoding or answering needs; default both. */
  readonly parts?: 'encode' | 'answer' | 'all';
};

export type { Generation, InspectStage, PrefillOptions, PromptInput } from './prefill.ts';

/** A loaded Hour-LLaVA. */
export type HourLlava = {
  readonly spec: ModelSpec;
  readonly provider: ProviderName;
  readonly compute: 'float32' | 'float16';
  /** 'plain' where the provider's fused attention was found to compute wrongly; slower. */
  readonly attention: 'fused' | 'plain';
  /** Who attends to the memory: ONNX Runtime, or our own kernel in this spelling. */
  readonly crossAttention: 'onnxruntime' | AttentionSpelling;
  /** Who encodes frames: as above. */
  readonly tower: 'onnxruntime' | AttentionSpelling;
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

/**
 * Loads a model package. Where the provider is chosen here ('auto'), a device that fails later on is left for the next
 * one, for as long as this process lives. Its runs throw `device-failed` and `out-of-memory`.
 * Errors: `model-not-found`, `model-invalid`, `newer-version`, `provider-unavailable`.
 */
export async function openHourLlava(packageDirectory: string, options: OpenOptions = {}): Promise<HourLlava> {
  const spec = await readModelSpec(packageDirectory);
  const open = (device: Device, refused: readonly RefusedProvider[]) => openOn(device, refused, packageDirectory, spec, options);
  if (options.device !== undefined) return await open(options.device, []);
  const choice = options.provider ?? 'auto';
  const openFirst = () => onFirstDevice(choice, spec.weights, options.threads, open, (provider) => knownFailure(packageDirectory, provider));
  const openGuarded = async (): Promise<HourLlava> => {
    const model = await openFirst();
    const hasKernel = model.crossAttention !== 'onnxruntime' || model.tower !== 'onnxruntime';
    if (!hasKernel && (choice !== 'auto' || model.provider === 'cpu')) return model;
    return withFallback(model, async (failure) => {
      if (hasKernel && isKernelFailure(failure)) noteKernelFailure(failure.message);
      else if (choice === 'auto') noteFailure(packageDirectory, model.provider, failure.message);
      else throw failure;
      const next = await openGuarded();
      options.onMoved?.(next);
      return next;
    });
  };
  return await openGuarded();
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
    const tower = parts === 'answer' ? undefined : await openKernelTower(packageDirectory, spec, device, options.crossAttention ?? 'auto');
    if (tower !== undefined) opened.push(tower);
    const vision = parts === 'answer' ? undefined : tower ?? graphEncoder(await open(packageFiles.vision, { attends: true }), spec, device);
    const joiner = new PieceJoiner(device);
    opened.push(joiner);
    const attention = parts === 'encode' ? undefined : await openCrossAttention(spec, device, options.crossAttention ?? 'auto');
    if (attention !== undefined) opened.push(attention);
    const failed = knownKernelFailure();
    const reasons = failed === undefined ? refused : [...refused, { provider: device.provider, reason: `${failed} ONNX Runtime ${parts === 'encode' ? 'encodes frames' : 'attends to memories'} instead.` }];
    const answer = parts === 'encode' ? undefined : await openAnswerSessions(open, spec, device, joiner, attention);
    let hostCrossMemory: Promise<GraphSession> | undefined;
    /** The same graph with outputs that come back, for memories whose keys and values do not fit the device. */
    const crossMemoryToHost = () => hostCrossMemory ??= attention === undefined || answer === undefined ? open(packageFiles.crossMemory) : Promise.resolve(answer.crossMemory);
    if (answer === undefined) return assemble(spec, device, reasons, vision, undefined, crossMemoryToHost, options, dispose);
    const embeddings = await EmbeddingTable.open(packageDirectory, spec, device.compute);
    opened.push({ dispose: () => embeddings.close() });
    return assemble(spec, device, reasons, vision, { ...answer, embeddings }, crossMemoryToHost, options, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Our own kernel, where it is wanted, has not failed yet and works; ONNX Runtime does without it. */
async function openCrossAttention(spec: ModelSpec, device: Device, choice: 'auto' | 'onnxruntime' | 'plain'): Promise<CrossAttention | undefined> {
  if (choice === 'onnxruntime' || knownKernelFailure() !== undefined) return undefined;
  if (choice === 'plain') return await CrossAttention.open(spec.text, device.compute, choice);
  // Matrix units are of halves.
  const mayGain = device.provider === 'webgpu' && device.compute === 'float16' && device.attention === 'fused';
  if (!mayGain || !await kernelWorksApart()) return undefined;
  try {
    return await CrossAttention.open(spec.text, device.compute, 'matrix');
  } catch (error) {
    if (!isDeviceFailure(error)) throw error;
    return undefined; // heads of another size than it takes, or no device any more
  }
}

async function openAnswerSessions(
  open: (fileName: string, graphOptions?: GraphOptions) => Promise<GraphSession>, spec: ModelSpec, device: Device, joiner: PieceJoiner, attention: CrossAttention | undefined,
): Promise<Omit<AnswerSessions, 'embeddings'>> {
  const openBlocks = async (file: (block: number) => string, graphOptions: GraphOptions) => {
    const blocks: GraphSession[] = [];
    for (let block = 0; block < spec.memaugDepth; block += 1) blocks.push(await open(file(block), graphOptions));
    return blocks;
  };
  const blocks = attention === undefined ? await openBlocks(packageFiles.memaugBlock, { attends: true })
    : { attention, before: await openBlocks(packageFiles.memaugBefore, { attends: true }), after: await openBlocks(packageFiles.memaugAfter, {}) };
  const layers = Array.from({ length: spec.text.layers }, (_, layer) => layer);
  // NOTE shared cache: the fused decoder writes into tensors that it is handed, which needs a session without places.
  const decoderPlaces = device.attention === 'fused' ? {} : outputPlaces(
    layers.flatMap((layer) => [decoderNames.newKey(layer), decoderNames.newValue(layer), decoderNames.query(layer)]),
    [decoderNames.logits]);
  const projector = await open(packageFiles.projector);
  const decoderSessions: DecoderSessions = {
    decoder: device.keepsTensors
      ? await open(packageFiles.decoderDevice, { places: decoderPlaces, attends: true })
      : await open(packageFiles.decoder),
    cacheRoom: device.keepsTensors ? await open(packageFiles.cacheRoom, { places: outputPlaces([cacheRoomNames.grown]) }) : undefined,
    probe: await open(device.keepsTensors ? packageFiles.probeDevice : packageFiles.probe),
  };
  return {
    projector,
    memoryProjector: device.keepsTensors ? await open(packageFiles.projector, { places: outputPlaces([projectorNames.tokens]) }) : projector,
    crossMemory: await open(packageFiles.crossMemory, attention === undefined ? { places: outputPlaces(crossMemoryOutputs(spec)) } : {}),
    joiner,
    queryKeys: await open(packageFiles.queryKeys),
    blocks,
    openDecoder: (promptLength) => Promise.resolve(new Decoder(decoderSessions, spec, device, promptLength)),
    shares: await open(packageFiles.shares),
  };
}

function assemble(
  spec: ModelSpec, device: Device, refusedProviders: readonly RefusedProvider[],
  vision: FrameEncoder | undefined, answer: AnswerSessions | undefined, crossMemoryToHost: () => Promise<GraphSession>,
  options: OpenOptions, dispose: () => Promise<void>,
): HourLlava {
  let crossMemoryBuilds = 0;
  const loaded = <Part>(part: Part | undefined, name: string): Part => {
    if (part === undefined) throw new LongtakeError('internal', `The model was opened without its ${name} part.`);
    return part;
  };
  const attention = answer !== undefined && 'attention' in answer.blocks ? answer.blocks.attention : undefined;
  return {
    spec, provider: device.provider, compute: device.compute, attention: device.attention, crossAttention: attention?.spelling ?? 'onnxruntime', tower: vision?.by ?? 'onnxruntime', refusedProviders,
    get crossMemoryBuilds() { return crossMemoryBuilds; },
    encodeFrames: async (frames, frameCount, options = {}) => {
      requireFrames(spec, frames, frameCount);
      return await loaded(vision, 'encode').encode(frames, frameCount, options.signal);
    },
    inspectFrames: (frames, frameCount) => loaded(vision, 'encode').inspect(frames, frameCount),
    buildCrossMemory: async (memory, selection, buildOptions = {}) => {
      const sessions = loaded(answer, 'answer');
      const graphicsBytes = options.graphicsLimitBytes ?? (device.keepsTensors ? usableShare(await graphicsMemory()) : undefined);
      const plan = planAnswer(spec, device, selection.tokens.length,
        { memoryBytes: options.memoryLimitBytes ?? process.availableMemory(), graphicsBytes }, attention !== undefined);
      crossMemoryBuilds += 1;
      const keptOnHost = device.keepsTensors && plan.keysOnHost;
      const crossMemory = keptOnHost ? await crossMemoryToHost() : sessions.crossMemory;
      return await buildCrossMemory({ ...sessions, crossMemory }, spec, device, memory, selection, { ...buildOptions, keptOnHost, attention });
    },
    prefill: (prompt, options = {}) => prefill(loaded(answer, 'answer'), spec, device, prompt, options),
    dispose,
  };
}

/** The driver, the desktop and other programs have the rest. */
function usableShare(graphicsBytes: number | null): number | undefined {
  return graphicsBytes === null ? undefined : 0.9 * graphicsBytes;
}
