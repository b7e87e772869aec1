import { throwIfCancelled } from '../protocol/errors.ts';
import type { Sampler } from './sampling.ts';

/** What generation needs of a decoder that has seen its prompt: the logits so far, and one step. */
export type DecoderState = {
  /** [vocab] at the end of the prompt. */
  readonly logits: Float32Array;
  /** Appends one token and returns the logits after it, [vocab]. */
  next(tokenId: number): Promise<Float32Array>;
};

export type GenerateOptions = {
  readonly sampler: Sampler;
  /** Generation ends before one of these; it is not yielded. */
  readonly stopIds: readonly number[];
  readonly maxNewTokens: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Yields token ids one by one until a stop id or `maxNewTokens`. Can be stopped at any token: by the signal
 * (throws `cancelled`) or by leaving the loop.
 */
export async function* generate(state: DecoderState, options: GenerateOptions): AsyncGenerator<number, void, undefined> {
  const generated: number[] = [];
  let logits = state.logits;
  while (generated.length < options.maxNewTokens) {
    throwIfCancelled(options.signal);
    const token = options.sampler.choose(logits, generated);
    if (options.stopIds.includes(token)) return;
    generated.push(token);
    yield token;
    if (generated.length < options.maxNewTokens) logits = await state.next(token);
  }
}
