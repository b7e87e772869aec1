import { featureChannels } from './spec.ts';
import type { ModelShape } from './spec.ts';
import { patchSide } from './siglip.ts';

/**
 * Floating-point operations (a multiply and an add are two) of each stage, from shapes alone: they decide how much work
 * one native run gets, always in the same way, so that results do not depend on how fast a machine happens to be.
 */

/** One frame through tower and pooling, and the projector where that comes first. */
export function visionOperations(dimensions: ModelShape): number {
  const { vision, text, tokensPerFrame, uniform } = dimensions;
  const patches = patchSide(vision) ** 2;
  const { channels, intermediate } = vision;
  const embedding = 2 * patches * 3 * vision.patchSize ** 2 * channels;
  const layer = 2 * patches * (4 * channels ** 2 + 2 * channels * intermediate) + 4 * patches ** 2 * channels;
  const [rows, width] = uniform?.downsampled === undefined ? [patches, channels] : [tokensPerFrame, 4 * channels];
  const projector = uniform === undefined ? 0 : 2 * rows * (width * text.hidden + text.hidden ** 2);
  return embedding + vision.layers * layer + projector + 2 * tokensPerFrame * patches * featureChannels(dimensions);
}

/** One memory token through projector and cross-attention keys and values. */
export function memoryTokenOperations({ vision, text, memaugDepth }: ModelShape): number {
  const keyChannels = text.keyHeads * text.headSize;
  return 2 * (vision.channels * text.hidden + text.hidden ** 2 + memaugDepth * 2 * text.hidden * keyChannels);
}

const memoryOperationsPerRun = { host: 8e9, device: 256e9 } as const;

/**
 * Memory tokens that one native run projects: a quarter of a second of a slow CPU; an accelerator gets pieces that are
 * worth joining.
 */
export function memoryTokensPerRun(dimensions: ModelShape, place: 'host' | 'device'): number {
  return memoryOperationsPerRun[place] / memoryTokenOperations(dimensions);
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

const decoderOperationsPerRun = { host: 10e9, device: 4e12 } as const;
const mostDecoderRows = { host: 512, device: 2048 } as const;

/** Prompt rows that one native run of the decoder takes at most. */
export function decoderRowsPerRun(dimensions: ModelShape, place: 'host' | 'device'): number {
  return Math.min(mostDecoderRows[place], decoderOperationsPerRun[place] / decoderRowOperations(dimensions));
}
