import { Tensor } from 'onnxruntime-node';
import { cacheRoomNames, decoderNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { cacheGrowth, cacheOutputs } from './decoder-cache.ts';
import type { DecoderCache, HeldKeys } from './decoder-cache.ts';
import { DeviceTensors } from './device-tensors.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, int32Scalar, int32Tensor, numberTensor } from './tensors.ts';

/**
 * NOTE shared cache (models/device-attention.ts): tensors of the device with room for the whole answer, which are past and
 * present at once, so that a run writes its own rows and nothing is copied or allocated.
 */
export class SharedCache implements DecoderCache {
  readonly outputNames: readonly string[] = [];
  length = 0;
  readonly #spec: ModelSpec;
  readonly #cacheRoom: GraphSession;
  readonly #device: Device;
  #capacity = 0;
  #nextCapacity: number;
  readonly #tensors = new DeviceTensors();

  constructor(spec: ModelSpec, device: Device, cacheRoom: GraphSession, expectedLength: number) {
    this.#spec = spec;
    this.#device = device;
    this.#cacheRoom = cacheRoom;
    this.#nextCapacity = Math.max(2, expectedLength);
  }

  async makeRoom(rows: number): Promise<void> {
    if (this.length + rows <= this.#capacity) return;
    const { keyHeads, headSize, maximumLength } = this.#spec.text;
    const capacity = Math.max(this.length + rows, Math.min(maximumLength, this.#nextCapacity));
    const seed = numberTensor(allocate(this.#device.compute, keyHeads * headSize), [1, keyHeads, 1, headSize]);
    const room = new Tensor('int64', BigInt64Array.from([1, keyHeads, capacity - Math.max(1, this.#capacity), headSize], BigInt), [4]);
    for (const name of cacheOutputs(this.#spec)) {
      const grown = await this.#cacheRoom.run({ [cacheRoomNames.cache]: this.#tensors.get(name) ?? seed, [cacheRoomNames.room]: room }, [cacheRoomNames.grown]);
      this.#tensors.set(name, output(grown, cacheRoomNames.grown));
    }
    this.#capacity = capacity;
    this.#nextCapacity = Math.ceil(capacity * cacheGrowth);
  }

  feeds(rows: number): Record<string, Tensor> {
    return {
      [decoderNames.lastIndex]: int32Scalar(this.length + rows - 1),
      [decoderNames.endIndex]: int32Scalar(this.length + rows),
      [decoderNames.totalLength]: int32Tensor(this.length + rows),
      ...this.#tensors.past(this.#spec.text.layers),
    };
  }

  into(): Record<string, Tensor> {
    return this.#tensors.record();
  }

  append(results: Record<string, Tensor>, rows: number): void {
    for (const name of this.#tensors.names) output(results, name).dispose(); // another name of the same memory
    this.length += rows;
  }

  holdKeys(): HeldKeys {
    const held = this.#tensors.holdKeys(this.#spec.text.layers); // what is appended comes after them
    return { length: this.length, offset: 0, keys: (layer) => held[layer] as Tensor, release: () => { this.#tensors.release(); } };
  }

  dispose(): void {
    this.#tensors.dispose();
  }
}
