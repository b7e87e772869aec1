import { AttentionKernel } from '../../kernels/attention-kernel.ts';
import { chooseTiles } from '../../kernels/attention-tiles.ts';
import { Recording } from '../../kernels/recording.ts';
import { RotateKernel } from '../../kernels/rotate-kernel.ts';
import { writeNumbers } from '../../kernels/device-buffers.ts';
import { packageFiles } from '../../models/graph-names.ts';
import { memaugKey, memaugRotarySize } from '../../models/memaug.ts';
import { rotaryTables } from '../../models/rotary.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../../protocol/features.ts';
import type { Augmented, Augmenter, AugmentInput, AugmentOptions, BuildOptions, CrossMemory } from '../augmenter.ts';
import { buildDeviceCrossMemory, DeviceCrossMemory } from './device-cross-memory.ts';
import type { CrossMemoryParts } from './device-cross-memory.ts';
import { DeviceMemaug } from './device-memaug.ts';
import type { MemaugRows } from './device-memaug.ts';
import { DeviceProjector, disposeScratch } from './device-projector.ts';
import { DeviceShares } from './device-shares.ts';
import { DeviceWeights } from './device-weights.ts';
import type { OwnDevice } from './own-device.ts';

/** Projector and MemAug by our own kernels: features and text go up, and rows stay on the device. */
export class DeviceAugmenter implements Augmenter {
  readonly #own: OwnDevice;
  readonly #spec: ModelSpec;
  readonly #weights: DeviceWeights;
  readonly #memory: CrossMemoryParts;
  readonly #memaug: DeviceMemaug;
  readonly #shares: DeviceShares;

  private constructor(own: OwnDevice, spec: ModelSpec, weights: DeviceWeights, memory: CrossMemoryParts, memaug: DeviceMemaug, shares: DeviceShares) {
    this.#own = own;
    this.#spec = spec;
    this.#weights = weights;
    this.#memory = memory;
    this.#memaug = memaug;
    this.#shares = shares;
  }

  /** Loads the weights. Throws `provider-unavailable` where the model's shapes do not fit the kernels, `out-of-memory`, `model-invalid`. */
  static async open(own: OwnDevice, packageDirectory: string, spec: ModelSpec, signal?: AbortSignal): Promise<DeviceAugmenter> {
    const { keyHeads, headSize, hidden } = spec.text;
    const { graphics, element, spelling } = own;
    const blocks = Array.from({ length: spec.memaugDepth }, (_, block) => block);
    const weights = await DeviceWeights.open(graphics, packageDirectory,
      [packageFiles.projector, packageFiles.crossMemory, packageFiles.queryKeys, ...blocks.map((block) => packageFiles.memaugBlock(block))], signal);
    try {
      const attention = await AttentionKernel.create(graphics, { headSize, keyHeads, element, spelling, tiles: chooseTiles(headSize, spelling, graphics.subgroupSize) });
      const layers: { key: CrossMemoryParts['layers'][number]['key']; value: CrossMemoryParts['layers'][number]['value'] }[] = [];
      for (const block of blocks) {
        const layer = async (part: 'cross_key' | 'cross_value') => own.layer(await weights.linear(memaugKey(block, part), hidden));
        layers.push({ key: await layer('cross_key'), value: await layer('cross_value') });
      }
      const memory = {
        projector: await DeviceProjector.open(own, spec, weights), attention, layers,
        rotateKeys: await RotateKernel.create(graphics, { heads: keyHeads, headSize, rotarySize: memaugRotarySize(spec.text), element }),
      };
      const memaug = await DeviceMemaug.open(own, spec, weights, attention);
      const shares = await DeviceShares.open(own, spec);
      await weights.closeFiles();
      return new DeviceAugmenter(own, spec, weights, memory, memaug, shares);
    } catch (error) {
      await weights.dispose();
      throw error;
    }
  }

  async buildCrossMemory(source: FeatureSource, selection: TokenSelection, options: BuildOptions): Promise<CrossMemory> {
    return await buildDeviceCrossMemory(this.#own, this.#spec, this.#memory, source, selection, options);
  }

  async augment(input: AugmentInput, options: AugmentOptions): Promise<Augmented> {
    const { hidden, ropeTheta } = this.#spec.text;
    const { memory, positions } = input;
    if (!(memory instanceof DeviceCrossMemory)) throw new LongtakeError('internal', 'This cross memory lies on another device.');
    const begun = await this.#memaug.begin(positions.length);
    try {
      const { cosine, sine } = rotaryTables(positions, memaugRotarySize(this.#spec.text), ropeTheta);
      writeNumbers(this.#own.graphics, begun.cosine, 0, cosine);
      writeNumbers(this.#own.graphics, begun.sine, 0, sine);
      await this.#fill(begun, input, options.signal);
      if (options.inspect !== undefined) options.inspect(await this.#own.read(begun.input, 0, begun.count, hidden));
      await this.#memaug.run(begun, memory, options);
      begun.finish();
    } catch (error) {
      begun.dispose();
      throw error;
    }
    return {
      read: () => this.#own.read(begun.rows, 0, begun.count, hidden),
      held: begun.rows,
      memoryShares: (rows, weights, signal) => this.#shares.measure(begun.crossQueries, memory, rows, weights, signal),
      dispose: begun.dispose,
    };
  }

  /** Brings the text's embeddings and the projected tokens of the video to where MemAug begins. */
  async #fill({ input, count }: MemaugRows, { prefix, suffix, features, retained }: AugmentInput, signal: AbortSignal | undefined): Promise<void> {
    const own = this.#own;
    const { hidden } = this.#spec.text;
    if (prefix.length > 0) own.write(input, 0, hidden, prefix);
    if (suffix.length > 0) own.write(input, count - suffix.length / hidden, hidden, suffix);
    const slots = retained.frames.length;
    const { projector } = this.#memory;
    const step = Math.min(slots, projector.slotsPerRun);
    const scratch = await projector.createScratch(step);
    try {
      for (let start = 0; start < slots; start += step) {
        throwIfCancelled(signal);
        const recording = new Recording(own.graphics);
        const selected = await projector.read(features, retained, start, Math.min(slots, start + step));
        projector.record(recording, scratch, step, selected, input, prefix.length / hidden + start * retained.tokensPerSlot);
        await own.submissions.run(recording.steps).finally(() => { recording.dispose(); });
      }
    } finally {
      disposeScratch(scratch);
    }
  }

  async dispose(): Promise<void> {
    await this.#weights.dispose();
  }
}
