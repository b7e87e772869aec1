import type { Tensor } from 'onnxruntime-node';
import { AttentionKernel } from '../kernels/attention-kernel.ts';
import type { AttendOptions, AttentionMemory } from '../kernels/attention-kernel.ts';
import { chooseTiles } from '../kernels/attention-tiles.ts';
import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { openGraphicsDevice } from '../kernels/graphics-device.ts';
import type { GraphicsDevice } from '../kernels/graphics-device.ts';
import type { ModelShape } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** MemAug's cross-attention by our own kernel, on a device of its own beside ONNX Runtime's: only host numbers pass between. */
export class CrossAttention {
  readonly spelling: AttentionSpelling;
  readonly #graphics: GraphicsDevice;
  readonly #kernel: AttentionKernel;
  readonly #scale: number;

  private constructor(graphics: GraphicsDevice, kernel: AttentionKernel) {
    this.spelling = kernel.shape.spelling;
    this.#graphics = graphics;
    this.#kernel = kernel;
    this.#scale = 1 / Math.sqrt(kernel.shape.headSize);
  }

  /** Throws `provider-unavailable` where there is no package `webgpu`, no device, or none with matrix units for 'matrix'. */
  static async open({ keyHeads, headSize }: Pick<ModelShape['text'], 'keyHeads' | 'headSize'>, compute: ComputeType, spelling: AttentionSpelling): Promise<CrossAttention> {
    const graphics = await openGraphicsDevice();
    try {
      if (spelling === 'matrix' && (!graphics.multipliesMatrices || compute !== 'float16')) {
        throw new LongtakeError('provider-unavailable', 'The graphics device (webgpu) multiplies no matrices of halves.', { provider: 'webgpu' });
      }
      const tiles = chooseTiles(headSize, spelling, graphics.subgroupSize);
      const element = compute === 'float16' ? 'f16' : 'f32';
      return new CrossAttention(graphics, await AttentionKernel.create(graphics, { headSize, keyHeads, element, spelling, tiles }));
    } catch (error) {
      graphics.destroy();
      throw error;
    }
  }

  /** Brings a block's keys and values, host tensors [1, tokens, keyHeads · headSize], to the device. Throws `out-of-memory`. */
  async hold(key: Tensor, value: Tensor): Promise<AttentionMemory> {
    const memory = await this.#kernel.createMemory(key.dims[1] ?? 0);
    this.#kernel.write(memory.key, 0, numbersOf(key));
    this.#kernel.write(memory.value, 0, numbersOf(value));
    this.#graphics.check();
    return memory;
  }

  /** Folded queries (NOTE folded heads) [rows, heads · headSize] to what they gather, in the same order. Throws `device-failed`, `out-of-memory`. */
  async attend(queries: Numbers, memory: AttentionMemory, options: AttendOptions = {}): Promise<Numbers> {
    return await this.#kernel.attend(queries, memory, this.#scale, options);
  }

  dispose(): Promise<void> {
    this.#graphics.destroy();
    return Promise.resolve();
  }
}
