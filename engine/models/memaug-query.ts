import { LongtakeError } from '../protocol/errors.ts';
import type { TokenSelection } from '../protocol/features.ts';
import type { ModelSpec } from './spec.ts';

/** Stands in a prompt for the video (`IMAGE_TOKEN_INDEX` of the LLaVA lineage). */
export const videoTokenId = -200;

/**
 * Which text MemAug sees. The reference keeps the tokens whose label is −100. In training those are the system and user
 * turns without line breaks and turn marks; at inference, where there are no labels, its code would keep everything.
 * Nobody has said which one the published numbers used: 'train' is what the weights have seen.
 */
export type TextMask = 'train' | 'all';

type MarkIds = Pick<ModelSpec['text'], 'newlineId' | 'imStartId' | 'imEndId' | 'assistantIds'>;

/** For each prompt token 1 where MemAug sees it, else 0; the video's place is 0. */
export function memaugTextMask(inputIds: Int32Array, textMask: TextMask, ids: MarkIds): Uint8Array {
  const mask = new Uint8Array(inputIds.length);
  let inAssistantTurn = false;
  inputIds.forEach((id, index) => {
    if (id === ids.imStartId) {
      inAssistantTurn = ids.assistantIds.every((expected, offset) => inputIds[index + 1 + offset] === expected);
    }
    if (id === videoTokenId) return;
    const marked = id === ids.newlineId || id === ids.imStartId || id === ids.imEndId;
    mask[index] = textMask === 'all' || !(marked || inAssistantTurn) ? 1 : 0;
  });
  return mask;
}

/** Index of the video in a prompt; throws `bad-argument` unless it is there exactly once. */
export function videoIndex(inputIds: Int32Array): number {
  const index = inputIds.indexOf(videoTokenId);
  if (index < 0 || inputIds.indexOf(videoTokenId, index + 1) >= 0) {
    throw new LongtakeError('bad-argument', `A prompt must hold the video (token ${String(videoTokenId)}) exactly once.`);
  }
  return index;
}

/** MemAug's query sequence: kept text before the video, the retained video tokens, kept text after it. */
export type MemaugQuery = {
  readonly prefixIds: Int32Array;
  readonly suffixIds: Int32Array;
  readonly videoRows: number;
  /** Rotary position of every row. [prefix + video + suffix] */
  readonly positions: Int32Array;
};

/**
 * Positions (`hour_llava_arch.py`, prepare_inputs_labels_for_multimodal): the kept prefix counts from 0 to P − 1, a
 * video token stands at its place in the memory plus P, the suffix goes on after the whole memory. Memory keys count
 * from 0 and are not moved by P: a token and its own key differ by P, and training has seen it so.
 */
export function memaugQuery(inputIds: Int32Array, mask: Uint8Array, retained: TokenSelection, tokensPerFrame: number): MemaugQuery {
  const video = videoIndex(inputIds);
  const prefixIds = inputIds.filter((_, index) => index < video && mask[index] === 1);
  const suffixIds = inputIds.filter((_, index) => index > video && mask[index] === 1);
  const memory = selectionPositions(retained, tokensPerFrame);
  const positions = new Int32Array(prefixIds.length + memory.length + suffixIds.length);
  const afterMemory = prefixIds.length + retained.placeCount * (tokensPerFrame + 1);
  for (let row = 0; row < prefixIds.length; row += 1) positions[row] = row;
  memory.forEach((position, row) => { positions[prefixIds.length + row] = prefixIds.length + position; });
  for (let row = 0; row < suffixIds.length; row += 1) positions[prefixIds.length + memory.length + row] = afterMemory + row;
  return { prefixIds, suffixIds, videoRows: memory.length, positions };
}

/** Position of every selected token in the memory. [slots · tokensPerSlot] */
export function selectionPositions(selection: TokenSelection, tokensPerFrame: number): Int32Array {
  const { places, tokens, tokensPerSlot } = selection;
  return Int32Array.from({ length: tokens.length }, (_, index) =>
    (places[Math.floor(index / tokensPerSlot)] as number) * (tokensPerFrame + 1) + (tokens[index] as number));
}
