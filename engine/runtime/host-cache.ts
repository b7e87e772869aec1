import type { Tensor } from 'onnxruntime-node';
import { decoderNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { causalMask, rotaryFeeds } from './attention-feeds.ts';
import { cacheGrowth, cacheOutputs } from './decoder-cache.ts';
import type { DecoderCache, HeldKeys } from './decoder-cache.ts';
import { output } from './session.ts';
import type { Device } from './session.ts';
import { allocate, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** NOTE host cache (models/cache-attention.ts): buffers here, fed in place at exactly their length. */
export class HostCache implements DecoderCache {
  readonly outputNames: readonly string[];
  length = 0;
  readonly #spec: ModelSpec;
  readonly #device: Device;
  readonly #width: number;
  #capacity: number;
  #keys: Numbers[];
  #values: Numbers[];
  /** Zeros, the mask of a single row, which sees everything. */
  #open: Numbers;

  constructor(spec: ModelSpec, device: Device, expectedLength: number) {
    this.#spec = spec;
    this.#device = device;
    this.#width = spec.text.keyHeads * spec.text.headSize;
    this.#capacity = Math.max(1, expectedLength);
    const buffers = () => Array.from({ length: spec.text.layers }, () => allocate(device.compute, this.#capacity * this.#width));
    this.#keys = buffers();
    this.#values = buffers();
    this.#open = allocate(device.compute, this.#capacity + 1);
    this.outputNames = cacheOutputs(spec);
  }

  makeRoom(): Promise<void> {
    return Promise.resolve(); // `append` grows
  }

  into(): undefined {
    return undefined;
  }

  feeds(rows: number): Record<string, Tensor> {
    const { layers } = this.#spec.text;
    const { compute } = this.#device;
    const past = this.#pastLength();
    const feeds: Record<string, Tensor> = {
      [decoderNames.mask]: numberTensor(this.#mask(rows, past), [rows, past + rows]),
      ...rotaryFeeds(this.#spec, compute, this.length, rows),
    };
    for (let layer = 0; layer < layers; layer += 1) {
      feeds[decoderNames.pastKey(layer)] = this.#tensor(this.#keys[layer] as Numbers);
      feeds[decoderNames.pastValue(layer)] = this.#tensor(this.#values[layer] as Numbers);
    }
    return feeds;
  }

  append(results: Record<string, Tensor>, rows: number): void {
    if (this.length + rows > this.#capacity) this.#grow(this.length + rows);
    for (let layer = 0; layer < this.#spec.text.layers; layer += 1) {
      const at = this.length * this.#width;
      (this.#keys[layer] as Numbers).set(numbersOf(output(results, decoderNames.newKey(layer))), at);
      (this.#values[layer] as Numbers).set(numbersOf(output(results, decoderNames.newValue(layer))), at);
    }
    this.length += rows;
  }

  holdKeys(): HeldKeys {
    let held = this.#keys.map((values) => this.#tensor(values)); // what is appended comes after them
    return { length: this.length, offset: 0, keys: (layer) => held[layer] as Tensor, release: () => { held = []; } };
  }

  dispose(): void {
    this.#keys = [];
    this.#values = [];
  }

  /** An empty cache is fed as one masked row: the operators cannot take none. */
  #pastLength(): number {
    return Math.max(1, this.length);
  }

  #tensor(values: Numbers): Tensor {
    const past = this.#pastLength();
    return numberTensor(values.subarray(0, past * this.#width), [past, this.#spec.text.keyHeads, this.#spec.text.headSize]);
  }

  /** Zero where a new row may look, very negative at rows that come after it. [rows, past + rows] */
  #mask(rows: number, past: number): Numbers {
    if (rows === 1 && this.length > 0) return this.#open.subarray(0, past + 1);
    return causalMask(this.#device.compute, rows, past, this.length === 0);
  }

  #grow(needed: number): void {
    this.#capacity = Math.max(needed, Math.ceil(this.#capacity * cacheGrowth));
    const grown = (old: Numbers) => {
      const values = allocate(this.#device.compute, this.#capacity * this.#width);
      values.set(old);
      return values;
    };
    this.#keys = this.#keys.map(grown);
    this.#values = this.#values.map(grown);
    this.#open = allocate(this.#device.compute, this.#capacity + 1);
  }
}
