import type { Tensor } from 'onnxruntime-node';
import type { AttentionMemory } from '../kernels/attention-kernel.ts';
import { crossMemoryNames, joinNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { CrossAttention } from './cross-attention.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Keys and values of one block, each [1, tokens, keyHeads · headSize]. */
export type BlockTensors = { readonly key: Tensor; readonly value: Tensor };
/** They as tensors of this process or of ONNX Runtime's device, or with our own kernel. */
export type MemoryBlock = BlockTensors | { readonly held: AttentionMemory; readonly attention: CrossAttention };

/** Takes the keys and values of a memory piece by piece. */
export type KeyCollector = {
  /** Tensors that the results of a piece of so many rows are to be written into. */
  readonly into?: (rows: number) => Record<string, Tensor>;
  readonly add: (results: Record<string, Tensor>, rows: number) => Promise<void>;
  readonly finish: () => Promise<MemoryBlock[]>;
  readonly discard: () => void;
};

/** Names of all outputs of the cross-memory graph. */
export function crossMemoryOutputs(spec: ModelSpec): string[] {
  return Array.from({ length: spec.memaugDepth }, (_, block) => [crossMemoryNames.key(block), crossMemoryNames.value(block)]).flat();
}

/** Hands each piece on to the kernel's device; this process holds one piece. */
export class KernelCollector implements KeyCollector {
  readonly #spec: ModelSpec;
  readonly #device: Device;
  readonly #attention: CrossAttention;
  readonly #tokenCount: number;
  #held: AttentionMemory[] = [];
  #piece: { readonly rows: number; readonly tensors: Record<string, Tensor> } | undefined;
  #tokens = 0;

  constructor(spec: ModelSpec, device: Device, attention: CrossAttention, tokenCount: number) {
    this.#spec = spec;
    this.#device = device;
    this.#attention = attention;
    this.#tokenCount = tokenCount;
  }

  /** The same memory for every piece of a size: new memory costs as much as what is written into it. */
  into(rows: number): Record<string, Tensor> {
    if (this.#piece?.rows !== rows) {
      const channels = this.#spec.text.keyHeads * this.#spec.text.headSize;
      const tensor = () => numberTensor(allocate(this.#device.compute, rows * channels), [1, rows, channels]);
      this.#piece = { rows, tensors: Object.fromEntries(crossMemoryOutputs(this.#spec).map((name) => [name, tensor()])) };
    }
    return this.#piece.tensors;
  }

  async add(results: Record<string, Tensor>, rows: number): Promise<void> {
    for (let block = 0; block < this.#spec.memaugDepth; block += 1) {
      const held = this.#held[block] ?? await this.#attention.reserve(this.#tokenCount);
      this.#held[block] = held;
      this.#attention.fill(held, this.#tokens, numbersOf(output(results, crossMemoryNames.key(block))), numbersOf(output(results, crossMemoryNames.value(block))));
    }
    this.#tokens += rows;
  }

  finish(): Promise<MemoryBlock[]> {
    this.#piece = undefined;
    return Promise.resolve(this.#held.map((held) => ({ held, attention: this.#attention })));
  }

  discard(): void {
    for (const held of this.#held.splice(0)) held.dispose();
  }
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

/**
 * Joins pieces on the device as a binary counter carries: two of about equal length make one, so that each token is
 * copied only as often as the number of pieces has binary digits.
 */
export class DeviceCollector implements KeyCollector {
  readonly #spec: ModelSpec;
  readonly #join: GraphSession;
  readonly #stacks: Map<string, { tensor: Tensor; pieces: number }[]>;

  constructor(spec: ModelSpec, join: GraphSession) {
    this.#spec = spec;
    this.#join = join;
    this.#stacks = new Map(crossMemoryOutputs(spec).map((name) => [name, []]));
  }

  async add(results: Record<string, Tensor>): Promise<void> {
    for (const [name, stack] of this.#stacks) {
      stack.push({ tensor: output(results, name), pieces: 1 });
      while ((stack.at(-1)?.pieces ?? 0) === (stack.at(-2)?.pieces ?? -1)) await this.#joinLastTwo(stack);
    }
  }

  async finish(): Promise<BlockTensors[]> {
    for (const stack of this.#stacks.values()) {
      while (stack.length > 1) await this.#joinLastTwo(stack);
    }
    const tensor = (name: string) => this.#stacks.get(name)?.[0]?.tensor as Tensor;
    return Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) }));
  }

  discard(): void {
    for (const stack of this.#stacks.values()) for (const { tensor } of stack) tensor.dispose();
  }

  async #joinLastTwo(stack: { tensor: Tensor; pieces: number }[]): Promise<void> {
    const second = stack.pop();
    const first = stack.pop();
    if (first === undefined || second === undefined) throw new LongtakeError('internal', 'Nothing to join.');
    const results = await this.#join.run(
      { [joinNames.first]: first.tensor, [joinNames.second]: second.tensor }, [joinNames.joined]);
    stack.push({ tensor: output(results, joinNames.joined), pieces: first.pieces + second.pieces });
    first.tensor.dispose();
    second.tensor.dispose();
  }
}
