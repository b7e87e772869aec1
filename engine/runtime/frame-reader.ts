import { framesPerReading } from '../models/needs.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, RetainedTokens, TokenSelection } from '../protocol/features.ts';
import type { Augmented, Augmenter, AugmentInput, AugmentOptions, CrossMemory } from './augmenter.ts';
import { memoryTokens } from './memory-tokens.ts';
import type { Device, GraphSession } from './session.ts';
import { joinRows } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/**
 * What stands in MemAug's place in models without it (LLaVA-Video): rows of the memory go to the decoder as they lie there, with
 * newlines between them. Nothing is looked at and nothing is kept for the next question.
 */
export class FrameReader implements Augmenter {
  readonly #projector: GraphSession;
  readonly #spec: ModelSpec;
  readonly #device: Device;

  constructor(projector: GraphSession, spec: ModelSpec, device: Device) {
    this.#projector = projector;
    this.#spec = spec;
    this.#device = device;
  }

  buildCrossMemory(_source: FeatureSource, selection: TokenSelection): Promise<CrossMemory> {
    let isDisposed = false;
    const dispose = () => { isDisposed = true; };
    return Promise.resolve({ selection, tokenCount: 0, get isDisposed() { return isDisposed; }, dispose, [Symbol.dispose]: dispose });
  }

  async augment({ prefix, suffix, features, retained }: AugmentInput, options: AugmentOptions): Promise<Augmented> {
    const rows = joinRows(this.#device.compute, [prefix, ...await this.#read(features, retained, options), suffix]);
    return { read: () => Promise.resolve(rows), memoryShares: () => Promise.resolve(new Float64Array()), dispose: () => undefined };
  }

  async #read(features: FeatureSource, retained: RetainedTokens, options: AugmentOptions): Promise<Numbers[]> {
    const slots = retained.frames.length;
    const pieces: Numbers[] = [];
    for (let start = 0; start < slots; start += framesPerReading) {
      throwIfCancelled(options.signal);
      const end = Math.min(slots, start + framesPerReading);
      pieces.push(await memoryTokens(this.#projector, this.#spec, this.#device, features, retained, start, end));
      options.onShare?.(end / slots);
    }
    if (retained.closingNewline === true) pieces.push(await this.#newline(features, retained));
    return pieces;
  }

  /** The newline's row: it stands behind every frame, whoever reads it. */
  async #newline(features: FeatureSource, { frames }: TokenSelection): Promise<Numbers> {
    const selection = { frames: frames.subarray(0, 1), places: Int32Array.of(0), tokens: Uint16Array.of(this.#spec.tokensPerFrame), tokensPerSlot: 1, placeCount: 1 };
    return await memoryTokens(this.#projector, this.#spec, this.#device, features, selection, 0, 1);
  }
}
