import type { Numbers } from './tensors.ts';

/** Rows of the embedding table, [ids, hidden]. */
export type TokenRows = { readonly rows: (ids: ArrayLike<number>) => Promise<Numbers> };

/** Some rows of a prompt's input embeddings, [rows, hidden]: in this process, or on our own device from `firstRow` of a buffer on. */
export type PromptRows = Numbers | { readonly held: GPUBuffer; readonly firstRow: number; readonly count: number };

/** A decoder with a cache of its own: reads a prompt, then token by token. Dispose of it before the model. */
export type AnswerDecoder = {
  /** Rows that it has read. */
  readonly length: number;
  /** Whether it reads rows that lie on our own device. */
  readonly takesHeldRows: boolean;
  /**
   * Reads input embeddings, the given rows behind each other, `count` in all, in pieces that shapes alone decide, so that logits are the same on
   * every run; returns the logits of the last one. Throws `cancelled`, `device-failed`, `out-of-memory`.
   */
  readonly read: (embeddings: readonly PromptRows[], count: number, options: ReadOptions) => Promise<ReadResult>;
  /** Reads one token: a step of an answer. Returns the logits after it, [vocabulary]. */
  readonly step: (tokenId: number, embeddings: TokenRows) => Promise<Float32Array>;
  readonly dispose: () => void;
};

export type ReadOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Whose attention may be asked for later: the rows from this one on. */
  readonly measuredFrom?: number | undefined;
  readonly onShare?: ((share: number) => void) | undefined;
};

export type ReadResult = {
  /** [vocabulary] */
  readonly logits: Float32Array;
  readonly measured: MeasuredRows | undefined;
};

/** What the last rows of a prompt asked for and the keys as they were then. Dispose of it before the decoder. */
export type MeasuredRows = {
  /** How much they attend to each of `count` rows from `start` on: mean over rows and heads, summed over layers, [count]. */
  readonly attention: (start: number, count: number, signal: AbortSignal | undefined) => Promise<Float64Array>;
  readonly dispose: () => void;
};
