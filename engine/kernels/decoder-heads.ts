import type { Element } from './elements.ts';
import { unfit } from './pipelines.ts';

/** Heads of a causal decoder. A row of its queries, keys and values side by side is [(heads + 2 · keyHeads) · headSize]. */
export type DecoderHeads = {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly element: Element;
};

/** Query heads of a key head. */
export function membersOf({ heads, keyHeads }: DecoderHeads): number {
  return heads / keyHeads;
}

export function rowChannels({ heads, keyHeads, headSize }: DecoderHeads): number {
  return (heads + 2 * keyHeads) * headSize;
}

/** Throws `provider-unavailable` for heads that the kernels of a decoder do not take: they move four channels of each half at a time. */
export function requireHeads({ heads, keyHeads, headSize }: DecoderHeads): void {
  if (heads % keyHeads !== 0) throw unfit('decoder attention', `${String(heads)} heads are no multiple of ${String(keyHeads)} key heads`);
  if (headSize % 8 !== 0) throw unfit('decoder attention', `heads of ${String(headSize)} channels are no multiple of 8`);
}
