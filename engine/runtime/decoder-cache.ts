import { Tensor } from 'onnxruntime-node';
import { cacheRoomNames, decoderNames, rotaryNames } from '../models/graph-names.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, int32Tensor, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Keys and values of everything the decoder has read, wherever they live. */
export type DecoderCache = {
  /** Rows in the cache. */
  readonly length: number;
  /** Makes room for `rows` more; before `feeds`. */
  readonly makeRoom: (rows: number) => Promise<void>;
  /** What a run over `rows` new rows is fed besides their embeddings. */
  readonly feeds: (rows: number) => Record<string, Tensor>;
  /** The outputs that `append` wants. */
  readonly outputNames: readonly string[];
  /** Outputs that the run writes in place. */
  readonly into: () => Record<string, Tensor> | undefined;
  /** Takes over what a run returned. */
  readonly append: (results: Record<string, Tensor>, rows: number) => void;
  /** Holds on to the keys as they are now, however the cache grows; at most once a cache. */
  readonly holdKeys: () => HeldKeys;
  readonly dispose: () => void;
};

/** Keys of a cache as they were. Release them before the cache is disposed of, or with it. */
export type HeldKeys = {
  /** Rows that are tokens. */
  readonly length: number;
  /** One layer's keys as the probe graph takes them; the first `offset` rows are no tokens. */
  readonly keys: (layer: number) => Tensor;
  readonly offset: number;
  readonly release: () => void;
};

/** `cacheRoom` makes room in a cache of a device. */
export function createCache(spec: ModelSpec, device: Device, cacheRoom: GraphSession | undefined, expectedLength: number): DecoderCache {
  if (!device.keepsTensors) return new HostCache(spec, device, expectedLength);
  if (device.attention === 'plain') return new DeviceCache(spec, device);
  if (cacheRoom === undefined) throw new LongtakeError('internal', 'A device\'s cache needs the graph that makes room in it.');
  return new SharedCache(spec, device, cacheRoom, Math.min(spec.text.maximumLength, expectedLength));
}

/** Added to the scores of rows that must not be seen; finite, so that no row of a softmax is empty of numbers. */
const maskedScore = { float32: -1e30, float16: -6e4 } as const;
const growth = 1.25;

/** NOTE host cache (models/cache-attention.ts): buffers here, fed in place at exactly their length. */
class HostCache implements DecoderCache {
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
    this.#capacity = Math.max(needed, Math.ceil(this.#capacity * growth));
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

/** [rows, past + rows]: new row i sees all of the past and the new rows up to itself; not the first column where it is no token. */
function causalMask(compute: ComputeType, rows: number, past: number, firstIsEmpty: boolean): Numbers {
  const total = past + rows;
  const hidden = maskedScore[compute];
  const mask = allocate(compute, rows * total);
  for (let row = 0; row < rows; row += 1) {
    if (firstIsEmpty) mask[row * total] = hidden;
    mask.fill(hidden, row * total + past + row + 1, (row + 1) * total);
  }
  return mask;
}

function rotaryFeeds(spec: ModelSpec, compute: ComputeType, first: number, rows: number): Record<string, Tensor> {
  const { headSize, ropeTheta } = spec.text;
  const tables = rotaryTables(Int32Array.from({ length: rows }, (_, row) => first + row), headSize, ropeTheta);
  return {
    [rotaryNames.cosine]: numberTensor(toCompute(compute, tables.cosine), [rows, headSize / 2]),
    [rotaryNames.sine]: numberTensor(toCompute(compute, tables.sine), [rows, headSize / 2]),
  };
}

/**
 * NOTE shared cache (models/device-attention.ts): tensors of the device with room for the whole answer, which are past and
 * present at once, so that a run writes its own rows and nothing is copied or allocated.
 */
class SharedCache implements DecoderCache {
  readonly outputNames: readonly string[] = [];
  length = 0;
  readonly #spec: ModelSpec;
  readonly #cacheRoom: GraphSession;
  readonly #device: Device;
  #capacity = 0;
  #nextCapacity: number;
  /** By name of the output. */
  #tensors = new Map<string, Tensor>();
  #held: readonly Tensor[] = [];

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
      const old = this.#tensors.get(name);
      const grown = await this.#cacheRoom.run({ [cacheRoomNames.cache]: old ?? seed, [cacheRoomNames.room]: room }, [cacheRoomNames.grown]);
      this.#tensors.set(name, output(grown, cacheRoomNames.grown));
      if (old !== undefined && !this.#held.includes(old)) old.dispose();
    }
    this.#capacity = capacity;
    this.#nextCapacity = Math.ceil(capacity * growth);
  }

  feeds(rows: number): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {
      [decoderNames.lastIndex]: int32Tensor(this.length + rows - 1),
      [decoderNames.totalLength]: int32Tensor(this.length + rows),
    };
    for (let layer = 0; layer < this.#spec.text.layers; layer += 1) {
      feeds[decoderNames.pastKey(layer)] = this.#tensors.get(decoderNames.newKey(layer)) as Tensor;
      feeds[decoderNames.pastValue(layer)] = this.#tensors.get(decoderNames.newValue(layer)) as Tensor;
    }
    return feeds;
  }

  into(): Record<string, Tensor> {
    return Object.fromEntries(this.#tensors);
  }

  append(results: Record<string, Tensor>, rows: number): void {
    for (const name of this.#tensors.keys()) output(results, name).dispose(); // another name of the same memory
    this.length += rows;
  }

  holdKeys(): HeldKeys {
    const held = Array.from({ length: this.#spec.text.layers }, (_, layer) => this.#tensors.get(decoderNames.newKey(layer)) as Tensor);
    this.#held = held; // what is appended comes after them
    return { length: this.length, offset: 0, keys: (layer) => held[layer] as Tensor, release: () => { this.#release(); } };
  }

  dispose(): void {
    this.#release();
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }

  #release(): void {
    const current = new Set(this.#tensors.values());
    for (const tensor of this.#held) if (!current.has(tensor)) tensor.dispose();
    this.#held = [];
  }
}

/** The cache of plain attention as tensors of the device; each run returns a longer one and the old one is freed. */
class DeviceCache implements DecoderCache {
  readonly outputNames: readonly string[];
  length = 0;
  /** Plain attention cannot join to nothing: its cache starts with one empty row, masked for good. */
  readonly #keyOffset = 1;
  readonly #spec: ModelSpec;
  readonly #device: Device;
  #tensors: Map<string, Tensor>;
  #held: readonly Tensor[] = [];

  constructor(spec: ModelSpec, device: Device) {
    this.#spec = spec;
    this.outputNames = cacheOutputs(spec);
    const { keyHeads, headSize } = spec.text;
    this.#device = device;
    const none = () => numberTensor(allocate(device.compute, this.#keyOffset * keyHeads * headSize), [1, keyHeads, this.#keyOffset, headSize]);
    this.#tensors = new Map(this.outputNames.map((name) => [name, none()]));
  }

  makeRoom(): Promise<void> {
    return Promise.resolve();
  }

  into(): undefined {
    return undefined;
  }

  feeds(rows: number): Record<string, Tensor> {
    const { layers } = this.#spec.text;
    const { compute } = this.#device;
    const past = this.length + this.#keyOffset;
    const feeds: Record<string, Tensor> = {
      [decoderNames.mask]: numberTensor(causalMask(compute, rows, past, true), [rows, past + rows]),
      ...rotaryFeeds(this.#spec, compute, this.length, rows),
    };
    for (let layer = 0; layer < layers; layer += 1) {
      feeds[decoderNames.pastKey(layer)] = this.#tensors.get(decoderNames.newKey(layer)) as Tensor;
      feeds[decoderNames.pastValue(layer)] = this.#tensors.get(decoderNames.newValue(layer)) as Tensor;
    }
    return feeds;
  }

  append(results: Record<string, Tensor>, rows: number): void {
    const old = this.#tensors;
    this.#tensors = new Map(this.outputNames.map((name) => [name, output(results, name)]));
    for (const tensor of old.values()) if (!this.#held.includes(tensor)) tensor.dispose();
    this.length += rows;
  }

  holdKeys(): HeldKeys {
    const held = Array.from({ length: this.#spec.text.layers }, (_, layer) => this.#tensors.get(decoderNames.newKey(layer)) as Tensor);
    this.#held = held;
    return { length: this.length, offset: this.#keyOffset, keys: (layer) => held[layer] as Tensor, release: () => { this.#release(); } };
  }

  dispose(): void {
    this.#release();
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }

  #release(): void {
    const current = new Set(this.#tensors.values());
    for (const tensor of this.#held) if (!current.has(tensor)) tensor.dispose();
    this.#held = [];
  }
}

function cacheOutputs(spec: ModelSpec): string[] {
  return Array.from({ length: spec.text.layers }, (_, layer) => [decoderNames.newKey(layer), decoderNames.newValue(layer)]).flat();
}
