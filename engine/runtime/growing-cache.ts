import type { Tensor } from 'onnxruntime-node';
import { decoderNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { causalMask, rotaryFeeds } from './attention-feeds.ts';
import { cacheOutputs } from './decoder-cache.ts';
import type { DecoderCache, HeldKeys } from './decoder-cache.ts';
import { DeviceTensors } from './device-tensors.ts';
import { output } from './session.ts';
import type { Device } from './session.ts';
import { allocate, numberTensor } from './tensors.ts';

/** The cache of plain attention as tensors of the device; each run returns a longer one and the old one is freed. */
export class GrowingCache implements DecoderCache {
  readonly outputNames: readonly string[];
  length = 0;
  /** Plain attention cannot join to nothing: its cache starts with one empty row, masked for good. */
  readonly #keyOffset = 1;
  readonly #spec: ModelSpec;
  readonly #device: Device;
  readonly #tensors = new DeviceTensors();

  constructor(spec: ModelSpec, device: Device) {
    this.#spec = spec;
    this.outputNames = cacheOutputs(spec);
    const { keyHeads, headSize } = spec.text;
    this.#device = device;
    const none = () => numberTensor(allocate(device.compute, this.#keyOffset * keyHeads * headSize), [1, keyHeads, this.#keyOffset, headSize]);
    for (const name of this.outputNames) this.#tensors.set(name, none());
  }

  makeRoom(): Promise<void> {
    return Promise.resolve();
  }

  into(): undefined {
    return undefined;
  }

  feeds(rows: number): Record<string, Tensor> {
    const { compute } = this.#device;
    const past = this.length + this.#keyOffset;
    return {
      [decoderNames.mask]: numberTensor(causalMask(compute, rows, past, true), [rows, past + rows]),
      ...rotaryFeeds(this.#spec, compute, this.length, rows),
      ...this.#tensors.past(this.#spec.text.layers),
    };
  }

  append(results: Record<string, Tensor>, rows: number): void {
    for (const name of this.outputNames) this.#tensors.set(name, output(results, name));
    this.length += rows;
  }

  holdKeys(): HeldKeys {
    const held = this.#tensors.holdKeys(this.#spec.text.layers);
    return { length: this.length, offset: this.#keyOffset, keys: (layer) => held[layer] as Tensor, release: () => { this.#tensors.release(); } };
  }

  dispose(): void {
    this.#tensors.dispose();
  }
}
