import type { FeatureSource, RetainedTokens, TokenSelection } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { Numbers } from './tensors.ts';

/**
 * The rotated keys and the values of every MemAug block for a selection of a memory. They depend on no question: one
 * serves all of a conversation. They take memoryTokens · key channels · 2 · blocks numbers; dispose of it.
 */
export type CrossMemory = Disposable & {
  readonly selection: TokenSelection;
  readonly tokenCount: number;
  readonly isDisposed: boolean;
  readonly dispose: () => void;
};

export type BuildOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Slots that are projected together; default by their cost. Tests make many small pieces of a small memory. */
  readonly slotsPerRun?: number | undefined;
  /** Keeps keys and values on the host although there is a device: one block at a time fits where all of them do not. */
  readonly keptOnHost?: boolean | undefined;
};

export type AugmentInput = {
  /** Embeddings of the text before and behind the video, [rows, hidden]. */
  readonly prefix: Numbers;
  readonly suffix: Numbers;
  readonly features: FeatureSource;
  /** The tokens of the memory that stand between them. */
  readonly retained: RetainedTokens;
  /** Rotary position of every row. */
  readonly positions: Int32Array;
  /** What the cross-attention is to see. */
  readonly memory: CrossMemory;
};

export type AugmentOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share that is done, 0 to 1. */
  readonly onShare?: ((share: number) => void) | undefined;
  /** Called with the rows before the first block, [rows, hidden]. */
  readonly inspect?: ((rows: Numbers) => void) | undefined;
};

/** The rows of a question after MemAug, and what they gathered from where. Dispose of it. */
export type Augmented = {
  /** [rows, hidden], in this process. */
  readonly read: () => Promise<Numbers>;
  /** The same on our own device, where that made them; until it is disposed of. */
  readonly held?: GPUBuffer | undefined;
  /**
   * The last block's cross-attention of rows to every memory token: mean over heads, weighted, [tokens]. Needs the memory.
   * Throws `cancelled`.
   */
  readonly memoryShares: (rows: readonly number[], weights: ArrayLike<number>, signal?: AbortSignal) => Promise<Float64Array>;
  readonly dispose: () => void;
};

/** What brings a question and a memory together: the projector and MemAug, or what a model has in their place. */
export type Augmenter = {
  readonly buildCrossMemory: (source: FeatureSource, selection: TokenSelection, options: BuildOptions) => Promise<CrossMemory>;
  readonly augment: (input: AugmentInput, options: AugmentOptions) => Promise<Augmented>;
};
