import type { Tensor } from 'onnxruntime-node';
import { decoderNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';

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

/** How much more room a cache takes than it needs when it has to grow. */
export const cacheGrowth = 1.25;

export function cacheOutputs(spec: ModelSpec): string[] {
  return Array.from({ length: spec.text.layers }, (_, layer) => [decoderNames.newKey(layer), decoderNames.newValue(layer)]).flat();
}
