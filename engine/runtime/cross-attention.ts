import type { Tensor } from 'onnxruntime-node';
import { AttentionKernel } from '../kernels/attention-kernel.ts';
import type { AttentionMemory } from '../kernels/attention-kernel.ts';
import { chooseTiles } from '../kernels/attention-tiles.ts';
import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { readNumbers } from '../kernels/device-buffers.ts';
import { openGraphicsDevice } from '../kernels/graphics-device.ts';
import type { GraphicsDevice } from '../kernels/graphics-device.ts';
import type { RunOptions } from '../kernels/submissions.ts';
import type { ModelShape } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { allocate, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** MemAug's cross-attention by our own kernel, on a device of its own beside ONNX Runtime's: only host numbers pass between. */
export class CrossAttention {
  readonly spelling: AttentionSpelling;
  /** Its device, for other kernels of ours. */
  readonly graphics: GraphicsDevice;
  readonly #kernel: AttentionKernel;
  readonly #scale: number;

  private constructor(graphics: GraphicsDevice, kernel: AttentionKernel) {
    this.spelling = kernel.shape.spelling;
    this.graphics = graphics;
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

  /** Room for a block's keys and values. Throws `out-of-memory`. */
  async reserve(tokenCount: number): Promise<AttentionMemory> {
    return await this.#kernel.createMemory(tokenCount);
  }

  /** Writes keys and values [tokens, keyHeads · headSize] from `firstToken` on. Throws `device-failed`. */
  fill(memory: AttentionMemory, firstToken: number, key: Numbers, value: Numbers): void {
    this.#kernel.write(memory.key, firstToken, key);
    this.#kernel.write(memory.value, firstToken, value);
    this.graphics.check();
  }

  /** Brings a block's keys and values, host tensors [1, tokens, keyHeads · headSize], to the device. Throws `out-of-memory`. */
  async hold(key: Tensor, value: Tensor): Promise<AttentionMemory> {
    const memory = await this.reserve(key.dims[1] ?? 0);
    try {
      this.fill(memory, 0, numbersOf(key), numbersOf(value));
    } catch (error) {
      memory.dispose();
      throw error;
    }
    return memory;
  }

  /** The keys of a block as a host tensor [1, tokens, keyHeads · headSize]. Throws `device-failed`. */
  async readKeys(memory: AttentionMemory): Promise<Tensor> {
    const { element, keyHeads, headSize } = this.#kernel.shape;
    const channels = keyHeads * headSize;
    const keys = allocate(element === 'f16' ? 'float16' : 'float32', memory.keyCount * channels);
    await readNumbers(this.graphics, memory.key, 0, keys);
    return numberTensor(keys, [1, memory.keyCount, channels]);
  }

  /** Folded queries (NOTE folded heads) [rows, heads · headSize] to what they gather, in the same order. Throws `device-failed`, `out-of-memory`. */
  async attend(queries: Numbers, memory: AttentionMemory, options: RunOptions = {}): Promise<Numbers> {
    return await this.#kernel.attend(queries, memory, this.#scale, options);
  }

  dispose(): Promise<void> {
    this.graphics.destroy();
    return Promise.resolve();
  }
}
