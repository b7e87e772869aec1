import type { AttentionSpelling } from '../../kernels/attention-tiles.ts';
import { createAll, createBuffer, createStorage, readNumbers, usage, writeBytes } from '../../kernels/device-buffers.ts';
import type { DeviceNumbers, Element } from '../../kernels/elements.ts';
import { kernelsGraph } from '../../kernels/graphics-device.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { Recording } from '../../kernels/recording.ts';
import type { Step } from '../../kernels/recording.ts';
import { packTaps } from '../../kernels/row-mix-kernel.ts';
import { Submissions } from '../../kernels/submissions.ts';
import { framesPerDeviceRun } from '../../models/needs.ts';
import { linearTaps } from '../../models/pooling.ts';
import { patchSide } from '../../models/siglip.ts';
import type { ModelShape } from '../../models/spec.ts';
import { throwIfCancelled } from '../../protocol/errors.ts';
import type { FrameEncoder, VisionValues } from '../encode.ts';
import { requireFiniteResult } from '../finite.ts';
import { toFloat32 } from '../tensors.ts';
import { TowerKernels } from './tower-kernels.ts';
import type { TowerBuffers, TowerShape, TowerTiles } from './tower-kernels.ts';
import type { TowerWeights } from './tower-weights.ts';

const mapRead = 1; // GPUMapMode.READ

/** Of each of two runs that are under way: its frames, and its features on their way back. */
type Turn = { readonly frames: GPUBuffer; readonly back: GPUBuffer };

export type TowerOptions = {
  readonly element: Element;
  readonly spelling: AttentionSpelling;
  /** Default `framesPerDeviceRun`. */
  readonly framesPerRun?: number;
  readonly tiles?: TowerTiles | undefined;
};

/**
 * SigLIP's tower and its pooling by our own kernels: bytes of frames go to the device, pooled features come back. While a run
 * is computed, the frames of the next go there and the features of the last come back.
 */
export class KernelTower implements FrameEncoder {
  readonly by: AttentionSpelling;
  readonly #graphics: GraphicsDevice;
  readonly #shape: TowerShape;
  readonly #kernels: TowerKernels;
  readonly #weights: TowerWeights;
  readonly #framesPerRun: number;
  readonly #submissions: Submissions;
  readonly #buffers: TowerBuffers;
  readonly #taps: GPUBuffer;
  readonly #turns: readonly [Turn, Turn];
  readonly #recordings = new Map<string, Recording>();
  /** Calls wait for each other: they share buffers. */
  #before: Promise<unknown> = Promise.resolve();

  private constructor(
    graphics: GraphicsDevice, shape: TowerShape, kernels: TowerKernels, weights: TowerWeights, spelling: AttentionSpelling, framesPerRun: number,
    buffers: TowerBuffers & { readonly taps: GPUBuffer }, turns: readonly [Turn, Turn],
  ) {
    this.by = spelling;
    this.#graphics = graphics;
    this.#shape = shape;
    this.#kernels = kernels;
    this.#weights = weights;
    this.#framesPerRun = framesPerRun;
    this.#submissions = new Submissions(graphics);
    this.#buffers = buffers;
    this.#taps = buffers.taps;
    this.#turns = turns;
  }

  /** Compiles the kernels and makes room for a run. The weights stay the caller's. Throws `provider-unavailable`, `out-of-memory`. */
  static async create(graphics: GraphicsDevice, shape: TowerShape, weights: TowerWeights, { element, spelling, framesPerRun = framesPerDeviceRun, tiles }: TowerOptions): Promise<KernelTower> {
    const kernels = await TowerKernels.create(graphics, shape, element, weights.stored, spelling, tiles);
    const taps = packTaps(poolingTaps(shape.vision));
    const sizes = kernels.bufferBytes(framesPerRun);
    const frames = framesPerRun * frameBytes(shape.vision);
    const made = await createAll(
      { ...sizes, taps: taps.byteLength, frames0: frames, frames1: frames, back0: sizes.pooled, back1: sizes.pooled },
      (bytes, name) => name.startsWith('back') ? createBuffer(graphics, bytes, usage.mapRead | usage.copyTarget, 'features on their way back') : createStorage(graphics, bytes, 'frames and what the tower makes of them'));
    writeBytes(graphics, made.taps, 0, taps);
    return new KernelTower(graphics, shape, kernels, weights, spelling, framesPerRun, made, [{ frames: made.frames0, back: made.back0 }, { frames: made.frames1, back: made.back1 }]);
  }

  async encode(frames: Uint8Array, frameCount: number, signal?: AbortSignal): Promise<Uint16Array<ArrayBuffer>> {
    return await this.#afterOthers(async () => {
      const features = new Float16Array(frameCount * this.#featureLength);
      await this.#runAll(frames, frameCount, signal, (found, firstFrame) => { features.set(found, firstFrame * this.#featureLength); });
      return new Uint16Array(features.buffer);
    });
  }

  async inspect(frames: Uint8Array, frameCount: number): Promise<VisionValues> {
    return await this.#afterOthers(async () => {
      const { widths } = this.#kernels;
      const { channels } = this.#shape.vision;
      const patchLength = widths.patches * channels;
      const patches = new Float32Array(frameCount * patchLength);
      const features = new Float32Array(frameCount * this.#featureLength);
      for (let frame = 0; frame < frameCount; frame += 1) {
        await this.#runAll(frames.subarray(frame * this.#frameBytes, (frame + 1) * this.#frameBytes), 1, undefined, (found) => { features.set(found, frame * this.#featureLength); });
        const rows = this.#numbers(patchLength);
        await readNumbers(this.#graphics, this.#buffers.sum, 0, rows);
        patches.set(toFloat32(rows), frame * patchLength);
      }
      return { patches, features };
    });
  }

  dispose(): void {
    for (const recording of this.#recordings.values()) recording.dispose();
    this.#recordings.clear();
    for (const { frames, back } of this.#turns) for (const buffer of [frames, back]) buffer.destroy();
    for (const buffer of [this.#taps, this.#buffers.sum, this.#buffers.narrow, this.#buffers.wide, this.#buffers.pooled]) buffer.destroy();
  }

  /** Runs of at most `framesPerRun` frames, each with what is done with its features. */
  async #runAll(frames: Uint8Array, frameCount: number, signal: AbortSignal | undefined, take: (features: DeviceNumbers, firstFrame: number) => void): Promise<void> {
    const countFrom = (first: number) => Math.min(this.#framesPerRun, frameCount - first);
    const write = (first: number, { frames: buffer }: Turn) => {
      if (first >= frameCount) return;
      writeBytes(this.#graphics, buffer, 0, frames.subarray(first * this.#frameBytes, (first + countFrom(first)) * this.#frameBytes));
    };
    let reading: Promise<void> = Promise.resolve();
    try {
      write(0, this.#turns[0]);
      for (let first = 0, turn = 0; first < frameCount; first += this.#framesPerRun, turn = 1 - turn) {
        const own = this.#turns[turn] as Turn;
        const count = countFrom(first);
        const running = this.#submissions.run(this.#steps(turn, count), { beforeSubmission: () => { throwIfCancelled(signal); } });
        write(first + this.#framesPerRun, this.#turns[1 - turn] as Turn);
        await running;
        const back = this.#copyBack(own, count);
        await reading;
        reading = back.then((features) => { take(features, first); });
        reading.catch(() => undefined); // thrown where it is awaited
      }
    } finally {
      await reading; // what is mapped cannot be copied to
    }
  }

  async #copyBack({ back }: Turn, count: number): Promise<DeviceNumbers> {
    const features = this.#numbers(count * this.#featureLength);
    this.#submissions.submit([], (encoder) => { encoder.copyBufferToBuffer(this.#buffers.pooled, 0, back, 0, Math.ceil(features.byteLength / 4) * 4); });
    await back.mapAsync(mapRead).catch((cause: unknown) => { this.#graphics.fail(cause); });
    new Uint8Array(features.buffer).set(new Uint8Array(back.getMappedRange(), 0, features.byteLength));
    back.unmap();
    this.#graphics.check();
    requireFiniteResult(features, 'webgpu', kernelsGraph);
    return features;
  }

  /** What reads a turn's frames, and all that is the same for both. */
  #steps(turn: number, count: number): Step[] {
    const embedding = this.#recorded(`embedding ${String(turn)} ${String(count)}`, (recording) => {
      this.#kernels.recordEmbedding(recording, this.#weights, (this.#turns[turn] as Turn).frames, this.#buffers, count);
    });
    const layers = this.#recorded(`layers ${String(count)}`, (recording) => { this.#kernels.recordLayers(recording, this.#weights, this.#taps, this.#buffers, count); });
    return [...embedding.steps, ...layers.steps];
  }

  #recorded(name: string, record: (recording: Recording) => void): Recording {
    const known = this.#recordings.get(name);
    if (known !== undefined) return known;
    const recording = new Recording(this.#graphics);
    this.#recordings.set(name, recording);
    record(recording);
    return recording;
  }

  #numbers(length: number): DeviceNumbers {
    return this.#kernels.element === 'f16' ? new Float16Array(length) : new Float32Array(length);
  }

  async #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const own = this.#before.then(work);
    this.#before = own.catch(() => undefined);
    return await own;
  }

  get #frameBytes(): number {
    return frameBytes(this.#shape.vision);
  }

  get #featureLength(): number {
    return this.#shape.tokensPerFrame * this.#shape.vision.channels;
  }
}

function frameBytes({ imageSize }: ModelShape['vision']): number {
  return 3 * imageSize ** 2;
}

/** Of each pooled token the four patches that it lies between. */
function poolingTaps(vision: ModelShape['vision']): { row: number; weight: number }[][] {
  const side = patchSide(vision);
  const taps = linearTaps(side, vision.poolGrid);
  return taps.flatMap((vertical) => taps.map((horizontal) =>
    vertical.flatMap(([y, yWeight]) => horizontal.map(([x, xWeight]) => ({ row: y * side + x, weight: yWeight * xWeight })))));
}
