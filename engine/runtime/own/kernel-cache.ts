import type { LayerCache } from '../../kernels/decoder-attention.ts';
import { createAll, createStorage } from '../../kernels/device-buffers.ts';
import { bytesPerElement } from '../../kernels/elements.ts';
import type { Element } from '../../kernels/elements.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { kernelCacheRows } from '../../models/needs.ts';
import { cacheGrowth } from '../decoder-cache.ts';
import type { DecoderShape } from './decoder-weights.ts';

/** Keys and values of everything that a decoder of our own kernels has read, [capacity, keyHeads · headSize] a layer. */
export class KernelCache {
  length = 0;
  #layers: readonly LayerCache[] = [];
  #capacity = 0;
  #nextCapacity: number;
  readonly #graphics: GraphicsDevice;
  readonly #shape: DecoderShape;
  readonly #rowBytes: number;

  constructor(graphics: GraphicsDevice, shape: DecoderShape, element: Element, expectedLength: number) {
    this.#graphics = graphics;
    this.#shape = shape;
    this.#rowBytes = shape.keyHeads * shape.headSize * bytesPerElement(element);
    this.#nextCapacity = expectedLength;
  }

  get layers(): readonly LayerCache[] {
    return this.#layers;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for `rows` more; true where the buffers are others now. Throws `out-of-memory`. */
  async makeRoom(rows: number): Promise<boolean> {
    const needed = this.length + rows;
    if (needed <= this.#capacity) return false;
    const wanted = Math.max(needed, Math.min(this.#shape.maximumLength, this.#nextCapacity));
    const capacity = Math.ceil(wanted / kernelCacheRows) * kernelCacheRows;
    const grown: LayerCache[] = [];
    try {
      while (grown.length < this.#shape.layers) {
        const size = capacity * this.#rowBytes;
        grown.push(await createAll({ key: size, value: size }, (bytes, name) => createStorage(this.#graphics, bytes, `${name}s of an answer`)));
      }
    } catch (error) {
      for (const layer of grown) destroy(layer);
      throw error;
    }
    if (this.length > 0) this.#copyInto(grown);
    for (const layer of this.#layers) destroy(layer);
    this.#layers = grown;
    this.#capacity = capacity;
    this.#nextCapacity = Math.ceil(capacity * cacheGrowth);
    return true;
  }

  dispose(): void {
    for (const layer of this.#layers) destroy(layer);
    this.#layers = [];
    this.#capacity = 0;
  }

  #copyInto(grown: readonly LayerCache[]): void {
    const { device } = this.#graphics;
    const encoder = device.createCommandEncoder();
    for (const [index, layer] of this.#layers.entries()) {
      for (const part of ['key', 'value'] as const) encoder.copyBufferToBuffer(layer[part], 0, (grown[index] as LayerCache)[part], 0, this.length * this.#rowBytes);
    }
    device.queue.submit([encoder.finish()]);
  }
}

function destroy({ key, value }: LayerCache): void {
  key.destroy();
  value.destroy();
}
