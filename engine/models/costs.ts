import type { ModelShape } from './spec.ts';
import { patchSide } from './siglip.ts';

/**
 * Floating-point operations (a multiply and an add are two) of each stage, from shapes alone: they decide how much work
 * one native run gets, always in the same way, so that results do not depend on how fast a machine happens to be.
 */

/** One frame through tower and pooling. */
export function visionOperations(dimensions: ModelShape): number {
  const { vision, tokensPerFrame } = dimensions;
  const patches = patchSide(vision) ** 2;
  const { channels, intermediate } = vision;
  const embedding = 2 * patches * 3 * vision.patchSize ** 2 * channels;
  const layer = 2 * patches * (4 * channels ** 2 + 2 * channels * intermediate) + 4 * patches ** 2 * channels;
  return embedding + vision.layers * layer + 2 * tokensPerFrame * patches * channels;
}

/** One memory token through projector and cross-attention keys and values. */
export function memoryTokenOperations({ vision, text, memaugDepth }: ModelShape): number {
  const keyChannels = text.keyHeads * text.headSize;
  return 2 * (vision.channels * text.hidden + text.hidden ** 2 + memaugDepth * 2 * text.hidden * keyChannels);
}

/** One query row through one MemAug block. */
export function memaugRowOperations({ text }: ModelShape, queryRows: number, memoryTokens: number): number {
  const channels = text.heads * text.headSize;
  const linear = 2 * text.hidden * (4 * channels + 8 * text.hidden + 2 * text.keyHeads * text.headSize);
  return linear + 4 * channels * (queryRows + memoryTokens);
}

/** One row through the decoder, without attention (which depends on the length so far). */
export function decoderRowOperations({ text }: ModelShape): number {
  const channels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  return 2 * text.layers * text.hidden * (2 * channels + 2 * keyChannels + 3 * text.intermediate);
}
