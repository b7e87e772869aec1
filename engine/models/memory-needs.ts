import type { ModelSpec } from './spec.ts';
import type { ComputeType } from './weight-store.ts';

/** Bytes that answering takes at its peak, from shapes alone; the parts that grow with the model or the memory. */
export type MemoryNeeds = {
  readonly weightsBytes: number;
  /** Keys and values of all blocks, kept for the whole conversation. */
  readonly crossMemoryBytes: number;
  /** One block's keys and values once more, by head, while it runs. */
  readonly blockCopyBytes: number;
  readonly totalBytes: number;
};

/** Needs of a memory of `memoryTokens` tokens (frames · (tokensPerFrame + 1) where nothing is left out). */
export function answerNeeds(spec: ModelSpec, compute: ComputeType, memoryTokens: number): MemoryNeeds {
  const elementBytes = compute === 'float32' ? 4 : 2;
  const block = 2 * memoryTokens * spec.text.keyHeads * spec.text.headSize * elementBytes;
  const weightsBytes = loadedWeights(spec, compute);
  const crossMemoryBytes = block * spec.memaugDepth;
  return { weightsBytes, crossMemoryBytes, blockCopyBytes: block, totalBytes: weightsBytes + crossMemoryBytes + block };
}

/** float16 weights are widened where a graph computes in float32; quantised ones stay as they are. */
function loadedWeights(spec: ModelSpec, compute: ComputeType): number {
  const stored = spec.files.filter((file) => file.name.endsWith('.weights')).reduce((sum, file) => sum + file.byteLength, 0);
  return spec.weights === 'float16' && compute === 'float32' ? 2 * stored : stored;
}
