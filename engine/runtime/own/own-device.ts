import { createAll, createStorage, readNumbers, writeBytes, writeNumbers } from '../../kernels/device-buffers.ts';
import type { DeviceNumbers, Element } from '../../kernels/elements.ts';
import { bytesPerElement } from '../../kernels/elements.ts';
import { openGraphicsDevice } from '../../kernels/graphics-device.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { LinearKernel } from '../../kernels/linear-kernel.ts';
import type { LinearInput } from '../../kernels/linear-kernel.ts';
import type { LinearShape } from '../../kernels/linear-shape.ts';
import type { Recording } from '../../kernels/recording.ts';
import { Submissions } from '../../kernels/submissions.ts';
import type { AttentionSpelling } from '../../kernels/attention-tiles.ts';
import type { ComputeType } from '../../models/weight-store.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import type { HeldLinear } from './device-weights.ts';
import { allocate } from '../tensors.ts';
import type { Numbers } from '../tensors.ts';

/** A linear layer with its weight. */
export type Layer = { readonly outputs: number; readonly record: (recording: Recording, input: Omit<LinearInput, 'weights'>) => void };

/**
 * The device that our own kernels run on, beside ONNX Runtime's, which lets nobody else at it. What the parts of a model on it
 * share; only host numbers pass between the two devices.
 */
export class OwnDevice {
  readonly graphics: GraphicsDevice;
  readonly spelling: AttentionSpelling;
  readonly compute: ComputeType;
  readonly submissions: Submissions;

  private constructor(graphics: GraphicsDevice, compute: ComputeType, spelling: AttentionSpelling) {
    this.graphics = graphics;
    this.compute = compute;
    this.spelling = spelling;
    this.submissions = new Submissions(graphics);
  }

  /** Throws `provider-unavailable` where there is no package `webgpu`, no device, or none with matrix units for 'matrix'. */
  static async open(compute: ComputeType, spelling: AttentionSpelling): Promise<OwnDevice> {
    const graphics = await openGraphicsDevice();
    if (spelling === 'matrix' && (!graphics.multipliesMatrices || compute !== 'float16')) {
      graphics.destroy();
      throw new LongtakeError('provider-unavailable', 'The graphics device (webgpu) multiplies no matrices of halves.', { provider: 'webgpu' });
    }
    return new OwnDevice(graphics, compute, spelling);
  }

  /** What rows are kept in. */
  get element(): Element {
    return this.compute === 'float16' ? 'f16' : 'f32';
  }

  /** A layer for many rows. Throws `provider-unavailable`. */
  async layer({ weights, shape }: HeldLinear, options: Partial<Pick<LinearShape, 'activation' | 'adds'>> = {}): Promise<Layer> {
    const kernel = await LinearKernel.create(this.graphics, { ...shape, element: this.element, activation: 'none', adds: false, ...options }, this.spelling === 'matrix' ? 'matrix' : 'rows');
    return { outputs: shape.outputs, record: (recording, input) => { kernel.record(recording, { ...input, weights }); } };
  }

  /** Room for rows [rows, channels]. Throws `out-of-memory`. */
  async rows(count: number, channels: number, what: string): Promise<GPUBuffer> {
    return await createStorage(this.graphics, count * channels * bytesPerElement(this.element), what);
  }

  /** Room for cosines and sines of rows, [rows, rotarySize / 2] each, float32. Throws `out-of-memory`. */
  async rotation(count: number, rotarySize: number): Promise<Record<'cosine' | 'sine', GPUBuffer>> {
    const size = count * rotarySize / 2 * 4;
    return await createAll({ cosine: size, sine: size }, (bytes) => createStorage(this.graphics, bytes, 'cosines and sines'));
  }

  /** Writes rows of `channels` from `firstRow` on. */
  write(buffer: GPUBuffer, firstRow: number, channels: number, numbers: DeviceNumbers): void {
    writeNumbers(this.graphics, buffer, firstRow * channels * bytesPerElement(this.element), numbers);
  }

  /** Writes unsigned numbers of 32 bits. */
  writeIndices(buffer: GPUBuffer, indices: Uint32Array<ArrayBuffer>): void {
    writeBytes(this.graphics, buffer, 0, new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
  }

  /** Rows [rows, channels] from `firstRow` on. Throws `device-failed`, `out-of-memory`. */
  async read(buffer: GPUBuffer, firstRow: number, count: number, channels: number): Promise<Numbers> {
    const numbers = allocate(this.compute, count * channels);
    await readNumbers(this.graphics, buffer, firstRow * channels * bytesPerElement(this.element), numbers);
    return numbers;
  }

  dispose(): Promise<void> {
    this.graphics.destroy();
    return Promise.resolve();
  }
}
