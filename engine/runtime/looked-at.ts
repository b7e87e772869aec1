import type { TokenSelection } from '../protocol/features.ts';
import type { MeasuredRows } from './answer-decoder.ts';
import type { Augmented } from './augmenter.ts';

/**
 * "Looked at": which frames of the memory the answer draws on, by attention. Two steps are composed:
 * the question's rows and those behind it attend to video rows in the decoder, mean over layers and heads; those video
 * rows got their content from the memory by MemAug's last cross-attention, mean over heads. The share of a frame is the
 * second weighted by the first. Only the video rows that the question attends to most are followed back: following all
 * of them would cost as much as a block of MemAug itself. Earlier blocks look at the same places whatever is asked, and
 * the rows of earlier turns at what those asked for (docs/embedded-model.md has the figures). It is a measure of
 * attention and no proof of what an answer rests on.
 */
const followedRows = 32;

export type LookedAtInput = {
  readonly signal?: AbortSignal | undefined;
  /** The prompt's last rows in the decoder. */
  readonly measured: MeasuredRows;
  /** Rows of the decoder's sequence that are video. */
  readonly videoStart: number;
  readonly videoRows: number;
  /** The question's rows after MemAug, of which the video begins with this one. */
  readonly augmented: Augmented;
  readonly firstVideoRow: number;
  readonly selection: TokenSelection;
};

/** Shares of the memory's frames that sum to one, [frameCount]. */
export async function lookedAt(input: LookedAtInput, frameCount: number): Promise<Float32Array<ArrayBuffer>> {
  const attended = await input.measured.attention(input.videoStart, input.videoRows, input.signal);
  const rows = largest(attended, followedRows);
  const total = rows.reduce((sum, row) => sum + (attended[row] as number), 0);
  const tokenShares = await input.augmented.memoryShares(rows.map((row) => input.firstVideoRow + row), rows.map((row) => (attended[row] as number) / total), input.signal);
  const { selection } = input;
  const shares = new Float32Array(frameCount);
  tokenShares.forEach((share, token) => {
    const frame = selection.frames[Math.floor(token / selection.tokensPerSlot)] as number;
    shares[frame] = (shares[frame] as number) + share;
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/** Indices of the `count` largest values. */
function largest(values: Float64Array, count: number): number[] {
  return Array.from(values.keys()).sort((left, right) => (values[right] as number) - (values[left] as number)).slice(0, count);
}
