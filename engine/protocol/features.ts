/** What the runtime needs of a memory: pooled features of frames, as float16 bits. */
export type FeatureSource = {
  readonly frameCount: number;
  /**
   * Features of frames `from` to `to` (exclusive), [frames, tokensPerFrame, featureChannels]: float16 bits as memories keep
   * them, or float32 where nothing was rounded.
   */
  readonly readFeatures: (from: number, to: number) => Promise<Uint16Array | Float32Array>;
};

/**
 * Some tokens of a memory in the order in which the model sees them: the whole memory, its decayed copy, a part that
 * was dragged on a timeline, 64 uniform frames. A slot shows one frame of the memory; a frame may be shown by several.
 */
export type TokenSelection = {
  /** Frame of the memory shown by each slot. [slots] */
  readonly frames: Int32Array;
  /**
   * Place of each slot on the model's time axis, ascending. [slots]
   * Token j of a slot stands at position place · (tokensPerFrame + 1) + j.
   */
  readonly places: Int32Array;
  /**
   * Tokens of each slot, ascending; tokensPerFrame stands for the newline, after the frame or, where the model reads it so, in it.
   * [slots, tokensPerSlot]
   */
  readonly tokens: Uint16Array;
  readonly tokensPerSlot: number;
  /** Length of the time axis: one more than the largest place of the memory (T of the paper). */
  readonly placeCount: number;
};

/** The tokens that are handed to the decoder, after forgetting or as they are. */
export type RetainedTokens = TokenSelection & {
  /** A newline behind the last slot, which is in no slot (LLaVA-OneVision). */
  readonly closingNewline?: true;
};

/** Rows that the decoder reads of a memory. */
export function retainedRows({ tokens, closingNewline }: RetainedTokens): number {
  return tokens.length + (closingNewline === true ? 1 : 0);
}
