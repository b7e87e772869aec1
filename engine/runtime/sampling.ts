/** How the next token is chosen from logits: greedy, or sampled the way the checkpoint's generation config asks. */
export type SamplingOptions = {
  readonly doSample: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  /** Divides positive and multiplies negative logits of tokens already generated (CTRL, arXiv 1909.05858). */
  readonly repetitionPenalty: number;
  /** Same seed, same logits, same tokens. */
  readonly seed: number;
};

export const greedySampling: SamplingOptions = {
  doSample: false, temperature: 1, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0,
};

export type Sampler = {
  /** Chooses a token id. `generated` are the ids of this answer only, as transformers does with inputs_embeds. */
  choose(logits: Float32Array, generated: readonly number[]): number;
};

export function createSampler(options: SamplingOptions): Sampler {
  const random = mulberry32(options.seed);
  return {
    choose(logits, generated) {
      const scores = options.repetitionPenalty === 1 ? logits : penalised(logits, generated, options.repetitionPenalty);
      if (!options.doSample || options.temperature === 0) return indexOfLargest(scores);
      return sample(scores, options, random());
    },
  };
}

function penalised(logits: Float32Array, generated: readonly number[], penalty: number): Float32Array {
  const scores = Float32Array.from(logits);
  for (const id of new Set(generated)) {
    const score = scores[id] ?? 0;
    scores[id] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}

export function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] ?? -Infinity) > (values[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** Temperature, then top-k, then top-p, in transformers' order; `uniform` in [0, 1) picks from what is left. */
function sample(logits: Float32Array, options: SamplingOptions, uniform: number): number {
  const order = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0));
  const kept = options.topK > 0 ? order.slice(0, options.topK) : order;
  const largest = logits[kept[0] ?? 0] ?? 0;
  const weights = kept.map((id) => Math.exp(((logits[id] ?? -Infinity) - largest) / options.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);

  // top-p keeps the smallest set whose mass reaches p, and always the first token.
  let mass = 0;
  let count = 0;
  while (count < kept.length && (count === 0 || mass < options.topP * total)) mass += weights[count++] ?? 0;

  let left = uniform * mass;
  for (let index = 0; index < count; index++) {
    left -= weights[index] ?? 0;
    if (left < 0) return kept[index] ?? 0;
  }
  return kept[count - 1] ?? 0;
}

/** A small seeded generator (Tommy Ettinger's mulberry32): sampling needs reproducibility, not cryptography. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
