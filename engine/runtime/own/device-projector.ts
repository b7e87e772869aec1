import { createAll, createStorage, readNumbers } from '../../kernels/device-buffers.ts';
import { GatherKernel } from '../../kernels/gather-kernel.ts';
import type { Recording } from '../../kernels/recording.ts';
import { memoryTokensPerRun } from '../../models/costs.ts';
import type { ModelSpec } from '../../models/spec.ts';
import type { FeatureSource, TokenSelection } from '../../protocol/features.ts';
import type { DeviceWeights } from './device-weights.ts';
import { selectedFeatures } from '../memory-tokens.ts';
import type { SelectedFeatures } from '../memory-tokens.ts';
import type { Layer, OwnDevice } from './own-device.ts';
import { allocate } from '../tensors.ts';
import type { Numbers } from '../tensors.ts';

/** Room for a piece of at most `slots` slots. */
export type ProjectorScratch = { readonly features: GPUBuffer; readonly wide: GPUBuffer; readonly projected: GPUBuffer; readonly indices: GPUBuffer };

/** Pooled features to memory tokens (`buildProjector` of models/projector.ts) on our own device. */
export class DeviceProjector {
  readonly #own: OwnDevice;
  readonly #spec: ModelSpec;
  readonly #layers: readonly [Layer, Layer];
  readonly #gather: GatherKernel;
  /** [hidden] */
  readonly #newline: Numbers;

  private constructor(own: OwnDevice, spec: ModelSpec, layers: readonly [Layer, Layer], gather: GatherKernel, newline: Numbers) {
    this.#own = own;
    this.#spec = spec;
    this.#layers = layers;
    this.#gather = gather;
    this.#newline = newline;
  }

  static async open(own: OwnDevice, spec: ModelSpec, weights: DeviceWeights): Promise<DeviceProjector> {
    const { text: { hidden }, vision } = spec;
    const layers = [
      await own.layer(await weights.linear('projector.0', vision.channels), { activation: 'gelu' }),
      await own.layer(await weights.linear('projector.2', hidden)),
    ] as const;
    const stored = allocate(weights.elementOf(newlineName) === 'f16' ? 'float16' : 'float32', hidden);
    await readNumbers(own.graphics, await weights.tensor(newlineName), 0, stored);
    const newline = allocate(own.compute, hidden);
    newline.set(stored);
    return new DeviceProjector(own, spec, layers, await GatherKernel.create(own.graphics, hidden, own.element), newline);
  }

  /** Slots that are worth a piece. */
  get slotsPerRun(): number {
    return Math.max(1, Math.round(memoryTokensPerRun(this.#spec, 'device') / (this.#spec.tokensPerFrame + 1)));
  }

  /** Throws `out-of-memory`. */
  async createScratch(slots: number): Promise<ProjectorScratch> {
    const { tokensPerFrame, vision, text } = this.#spec;
    const rows = slots * tokensPerFrame;
    const sizes = { features: rows * vision.channels, wide: rows * text.hidden, projected: (rows + 1) * text.hidden, indices: 0 };
    const scratch = await createAll(sizes, (elements, name) => name === 'indices'
      ? createStorage(this.#own.graphics, slots * (tokensPerFrame + 1) * 4, 'features') : this.#own.rows(elements, 1, 'features'));
    this.#own.write(scratch.projected, rows, text.hidden, this.#newline);
    return scratch;
  }

  /** Reads what slots `from` to `to` of a selection need. */
  async read(source: FeatureSource, selection: TokenSelection, from: number, to: number): Promise<SelectedFeatures> {
    return await selectedFeatures(source, this.#spec, this.#own.compute, selection, from, to);
  }

  /** Projects them into `result` [rows, hidden] from `resultRow` on. `slots` is what the scratch has room for. */
  record(recording: Recording, scratch: ProjectorScratch, slots: number, { features, indices, frameCount }: SelectedFeatures, result: GPUBuffer, resultRow: number): void {
    const { tokensPerFrame, vision } = this.#spec;
    const perFrame = tokensPerFrame + 1;
    this.#own.write(scratch.features, 0, vision.channels, features);
    // The one newline stands behind the rows of all frames that there is room for.
    this.#own.writeIndices(scratch.indices, Uint32Array.from(indices, (index) =>
      index % perFrame === tokensPerFrame ? slots * tokensPerFrame : Math.floor(index / perFrame) * tokensPerFrame + index % perFrame));
    const rows = frameCount * tokensPerFrame;
    this.#layers[0].record(recording, { input: scratch.features, result: scratch.wide, rows });
    this.#layers[1].record(recording, { input: scratch.wide, result: scratch.projected, rows });
    this.#gather.record(recording, { source: scratch.projected, indices: scratch.indices, result, rows: indices.length, resultRow });
  }
}

const newlineName = 'model.image_newline';

export function disposeScratch(scratch: Readonly<Record<string, GPUBuffer>>): void {
  for (const buffer of Object.values(scratch)) buffer.destroy();
}
