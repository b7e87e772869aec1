import type { Tensor } from 'onnxruntime-node';
import { decoderNames } from '../models/graph-names.ts';

/** A device cache's tensors by the name of the output that each is. Some may be held: replaced, they live on until released. */
export class DeviceTensors {
  #current = new Map<string, Tensor>();
  #held: readonly Tensor[] = [];

  get names(): Iterable<string> {
    return this.#current.keys();
  }

  get(name: string): Tensor | undefined {
    return this.#current.get(name);
  }

  /** Takes the place of the tensor of that name, which is freed unless it is held. */
  set(name: string, tensor: Tensor): void {
    const old = this.#current.get(name);
    this.#current.set(name, tensor);
    if (old !== undefined && old !== tensor && !this.#held.includes(old)) old.dispose();
  }

  record(): Record<string, Tensor> {
    return Object.fromEntries(this.#current);
  }

  /** What a run is fed as the past of its layers. */
  past(layers: number): Record<string, Tensor> {
    return Object.fromEntries(Array.from({ length: layers }, (_, layer) => [
      [decoderNames.pastKey(layer), this.#current.get(decoderNames.newKey(layer)) as Tensor],
      [decoderNames.pastValue(layer), this.#current.get(decoderNames.newValue(layer)) as Tensor],
    ] as const).flat());
  }

  /** Holds the keys of all layers as they are now. */
  holdKeys(layers: number): readonly Tensor[] {
    this.#held = Array.from({ length: layers }, (_, layer) => this.#current.get(decoderNames.newKey(layer)) as Tensor);
    return this.#held;
  }

  release(): void {
    const current = new Set(this.#current.values());
    for (const tensor of this.#held) if (!current.has(tensor)) tensor.dispose();
    this.#held = [];
  }

  dispose(): void {
    this.release();
    for (const tensor of this.#current.values()) tensor.dispose();
    this.#current.clear();
  }
}
