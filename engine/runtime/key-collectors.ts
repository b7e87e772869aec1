import type { Tensor } from 'onnxruntime-node';
import { crossMemoryNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { PieceJoiner } from './piece-joiner.ts';
import { output } from './session.ts';
import type { Device } from './session.ts';
import { allocate, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Keys and values of one block, each [1, tokens, keyHeads · headSize], of this process or of ONNX Runtime's device. */
export type BlockTensors = { readonly key: Tensor; readonly value: Tensor };

/** Takes the keys and values of a memory piece by piece. */
export type KeyCollector = {
  readonly add: (results: Record<string, Tensor>, rows: number) => Promise<void>;
  readonly finish: () => Promise<BlockTensors[]>;
  readonly discard: () => void;
};

/** Names of all outputs of the cross-memory graph. */
export function crossMemoryOutputs(spec: ModelSpec): string[] {
  return Array.from({ length: spec.memaugDepth }, (_, block) => [crossMemoryNames.key(block), crossMemoryNames.value(block)]).flat();
}

/** Copies each piece into one buffer a block, from where runs read it in place. */
export class HostCollector implements KeyCollector {
  readonly #spec: ModelSpec;
  readonly #buffers: Map<string, Numbers>;
  readonly #channels: number;
  #tokens = 0;

  constructor(spec: ModelSpec, device: Device, tokenCount: number) {
    this.#spec = spec;
    this.#channels = spec.text.keyHeads * spec.text.headSize;
    this.#buffers = new Map(crossMemoryOutputs(spec).map((name) => [name, allocate(device.compute, tokenCount * this.#channels)]));
  }

  add(results: Record<string, Tensor>, rows: number): Promise<void> {
    for (const [name, buffer] of this.#buffers) buffer.set(numbersOf(output(results, name)), this.#tokens * this.#channels);
    this.#tokens += rows;
    return Promise.resolve();
  }

  finish(): Promise<BlockTensors[]> {
    const tensor = (name: string) => numberTensor(this.#buffers.get(name) as Numbers, [1, this.#tokens, this.#channels]);
    return Promise.resolve(Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) })));
  }

  discard(): void {
    this.#buffers.clear();
  }
}

/** Leaves the pieces on the device and joins those of one tensor at a time at the end. */
export class DeviceCollector implements KeyCollector {
  readonly #spec: ModelSpec;
  readonly #joiner: PieceJoiner;
  readonly #pieces: Map<string, Tensor[]>;

  constructor(spec: ModelSpec, joiner: PieceJoiner) {
    this.#spec = spec;
    this.#joiner = joiner;
    this.#pieces = new Map(crossMemoryOutputs(spec).map((name) => [name, []]));
  }

  add(results: Record<string, Tensor>): Promise<void> {
    for (const [name, pieces] of this.#pieces) pieces.push(output(results, name));
    return Promise.resolve();
  }

  async finish(): Promise<BlockTensors[]> {
    for (const [name, pieces] of this.#pieces) {
      const joined = await this.#joiner.join(pieces);
      for (const piece of pieces) if (piece !== joined) piece.dispose();
      this.#pieces.set(name, [joined]);
    }
    const tensor = (name: string) => this.#pieces.get(name)?.[0] as Tensor;
    return Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) }));
  }

  discard(): void {
    for (const pieces of this.#pieces.values()) for (const piece of pieces) piece.dispose();
  }
}
