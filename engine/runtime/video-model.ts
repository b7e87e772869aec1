import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { packageFiles } from '../models/graph-names.ts';
import { readModelSpec } from '../models/package.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import { planAnswer } from './answer-plan.ts';
import { openAnswerParts } from './answer-parts.ts';
import type { KernelChoice, LoadingOptions } from './answer-parts.ts';
import type { BuildOptions, CrossMemory } from './augmenter.ts';
import { isKernelFailure, knownFailure, knownKernelFailure, noteFailure, noteKernelFailure } from './device-failure.ts';
import { graphEncoder, requireFrames } from './encode.ts';
import type { FrameEncoder, VisionValues } from './encode.ts';
import { withFallback } from './fallback.ts';
import { graphicsMemory } from './graphics-memory.ts';
import { openKernelTower } from './own/open-kernel-tower.ts';
import { prefill } from './prefill.ts';
import type { Generation, PrefillOptions, PromptInput } from './prefill.ts';
import { onFirstDevice } from './providers.ts';
import type { ProviderChoice, RefusedProvider } from './providers.ts';
import { GraphSession } from './session.ts';
import type { Device, ProviderName } from './session.ts';

export type OpenOptions = {
  /** Default 'auto': the first that works of WebGPU and CPU. */
  readonly provider?: ProviderChoice;
  /** Threads of the CPU provider; default one a core. */
  readonly threads?: number;
  /** Who runs the tower, MemAug and the decoder; default 'auto': our own kernels where the device has matrix units. 'plain' is for tests. */
  readonly kernels?: KernelChoice | undefined;
  /** Runs as if on this device instead of choosing one: tests cover an accelerator's graphs on the CPU with it. */
  readonly device?: Device;
  /** Bytes that answering may take; default what the system has left. More is refused before it is allocated. */
  readonly memoryLimitBytes?: number;
  /** Bytes of the graphics device that an answer may take; default nine tenths of what it has, where that is known. */
  readonly graphicsLimitBytes?: number | undefined;
  /** Called when the model goes on on another device because the one it was on has failed. */
  readonly onMoved?: ((model: VideoModel) => void) | undefined;
  /** Stops the loading between two graphs, pieces of weights, or trials of a device; what was loaded by then is freed. */
  readonly signal?: AbortSignal | undefined;
  /** Load only what encoding or answering needs; default both. */
  readonly parts?: 'encode' | 'answer' | 'all';
};

export type { Generation, InspectStage, PrefillOptions, PromptInput } from './prefill.ts';

/** A loaded Hour-LLaVA, or a model of the families that it grew from: the same without MemAug, so that its cross memories are empty. */
export type VideoModel = {
  readonly spec: ModelSpec;
  readonly provider: ProviderName;
  readonly compute: 'float32' | 'float16';
  /** 'plain' where the provider's fused attention was found to compute wrongly; slower. */
  readonly attention: 'fused' | 'plain';
  /** Who runs projector and MemAug: ONNX Runtime, or our own kernels in this spelling. */
  readonly augmenter: 'onnxruntime' | AttentionSpelling;
  /** Who runs the decoder: as above. */
  readonly decoder: 'onnxruntime' | AttentionSpelling;
  /** Who encodes frames: as above. */
  readonly tower: 'onnxruntime' | AttentionSpelling;
  readonly refusedProviders: readonly RefusedProvider[];
  /** How many cross memories were built: once a memory, never once a question. */
  readonly crossMemoryBuilds: number;
  /**
   * frames u8 [frameCount, imageSize, imageSize, 3] RGB → features as float16 bits [frameCount, tokensPerFrame, featureChannels].
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
 * Errors: `model-not-found`, `model-invalid`, `newer-version`, `provider-unavailable`, `cancelled`.
 */
export async function openVideoModel(packageDirectory: string, options: OpenOptions = {}): Promise<VideoModel> {
  const spec = await readModelSpec(packageDirectory);
  const open = (device: Device, refused: readonly RefusedProvider[]) => openOn(device, refused, packageDirectory, spec, options);
  if (options.device !== undefined) return await open(options.device, []);
  const choice = options.provider ?? 'auto';
  const openFirst = () => onFirstDevice(choice, spec.weights, options.threads, open, (provider) => knownFailure(packageDirectory, provider), options.signal);
  const openGuarded = async (): Promise<VideoModel> => {
    const model = await openFirst();
    const hasKernel = [model.augmenter, model.tower, model.decoder].some((by) => by !== 'onnxruntime');
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
): Promise<VideoModel> {
  const opened: { dispose: () => Promise<void> }[] = [];
  const dispose = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.dispose();
  };
  const parts = options.parts ?? 'all';
  try {
    const vision = parts === 'answer' ? undefined : await openEncoder(packageDirectory, spec, device, options, opened);
    const answer = parts === 'encode' ? undefined : await openAnswerParts(packageDirectory, spec, device, options, opened);
    throwIfCancelled(options.signal);
    const failed = knownKernelFailure();
    const reasons = failed === undefined ? refused : [...refused, { provider: device.provider, reason: `${failed} ONNX Runtime ${parts === 'encode' ? 'encodes frames' : 'attends to memories'} instead.` }];
    return assemble(spec, device, reasons, vision, answer, options, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openEncoder(
  packageDirectory: string, spec: ModelSpec, device: Device, { kernels = 'auto', signal }: LoadingOptions, opened: { dispose: () => Promise<void> }[],
): Promise<FrameEncoder> {
  throwIfCancelled(signal);
  const tower = await openKernelTower(packageDirectory, spec, device, kernels, signal);
  if (tower !== undefined) {
    opened.push(tower);
    return tower;
  }
  throwIfCancelled(signal);
  const session = await GraphSession.open(packageDirectory, packageFiles.vision, device, { attends: true });
  opened.push(session);
  return graphEncoder(session, spec, device);
}

function assemble(
  spec: ModelSpec, device: Device, refusedProviders: readonly RefusedProvider[],
  vision: FrameEncoder | undefined, answer: Awaited<ReturnType<typeof openAnswerParts>> | undefined, options: OpenOptions, dispose: () => Promise<void>,
): VideoModel {
  let crossMemoryBuilds = 0;
  const loaded = <Part>(part: Part | undefined, name: string): Part => {
    if (part === undefined) throw new LongtakeError('internal', `The model was opened without its ${name} part.`);
    return part;
  };
  const own = answer?.own;
  return {
    spec, provider: device.provider, compute: device.compute, attention: device.attention, augmenter: spec.uniform === undefined ? own?.spelling ?? 'onnxruntime' : 'onnxruntime', decoder: answer?.decoder ?? 'onnxruntime', tower: vision?.by ?? 'onnxruntime', refusedProviders,
    get crossMemoryBuilds() { return crossMemoryBuilds; },
    encodeFrames: async (frames, frameCount, options = {}) => {
      requireFrames(spec, frames, frameCount);
      return await loaded(vision, 'encode').encode(frames, frameCount, options.signal);
    },
    inspectFrames: (frames, frameCount) => loaded(vision, 'encode').inspect(frames, frameCount),
    buildCrossMemory: async (memory, selection, buildOptions = {}) => {
      const { augmenter } = loaded(answer, 'answer');
      const keepsTensors = device.keepsTensors || own !== undefined;
      const graphicsBytes = options.graphicsLimitBytes ?? (keepsTensors ? usableShare(await graphicsMemory()) : undefined);
      const plan = planAnswer(spec, { compute: device.compute, keepsTensors }, selection.tokens.length,
        { memoryBytes: options.memoryLimitBytes ?? process.availableMemory(), graphicsBytes }, own !== undefined);
      crossMemoryBuilds += 1;
      return await augmenter.buildCrossMemory(memory, selection, { ...buildOptions, keptOnHost: keepsTensors && plan.keysOnHost });
    },
    prefill: (prompt, options = {}) => prefill(loaded(answer, 'answer'), spec, device, prompt, options),
    dispose,
  };
}

/** The driver, the desktop and other programs have the rest. */
function usableShare(graphicsBytes: number | null): number | undefined {
  return graphicsBytes === null ? undefined : 0.9 * graphicsBytes;
}
