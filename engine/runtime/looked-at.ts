import { shareNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { MeasuredRows } from './answer-decoder.ts';
import type { CrossMemory } from './cross-memory.ts';
import { output, placeOf } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/**
 * "Looked at": which frames of the memory the answer draws on, by attention. Two steps are composed:
 * the prompt's last rows (the question and what follows it) attend to video rows in the decoder, mean over layers and
 * heads; those video rows got their content from the memory by MemAug's cross-attention, mean over blocks and heads.
 * The share of a frame is the second weighted by the first. Only the video rows that the question attends to most are
 * followed back, because following all of them would cost as much as MemAug itself. It is a measure of attention and
 * no proof of what an answer rests on.
 */
const followedRows = 64;
/** Numbers of one materialised score matrix. Every run lays the block's keys out anew, so an accelerator gets more. */
const scoresPerRun = { host: 16e6, device: 64e6 } as const;

export type LookedAtSessions = { readonly shares: GraphSession };

export type LookedAtInput = {
  readonly signal?: AbortSignal | undefined;
  /** The prompt's last rows in the decoder. */
  readonly measured: MeasuredRows;
  /** Rows of the decoder's sequence that are video. */
  readonly videoStart: number;
  readonly videoRows: number;
  /** MemAug's cross queries of the video rows, a block each, [videoRows, heads · headSize]. */
  readonly crossQueries: readonly Numbers[];
  readonly memory: CrossMemory;
};

/** Shares of the memory's frames that sum to one, [frameCount]. */
export async function lookedAt(
  sessions: LookedAtSessions, spec: ModelSpec, device: Device, input: LookedAtInput, frameCount: number,
): Promise<Float32Array<ArrayBuffer>> {
  const attended = await input.measured.attention(input.videoStart, input.videoRows, input.signal);
  const rows = largest(attended, followedRows);
  const tokenShares = await memoryAttention(sessions.shares, spec, device, input, rows, attended);
  const { selection } = input.memory;
  const shares = new Float32Array(frameCount);
  tokenShares.forEach((share, token) => {
    const frame = selection.frames[Math.floor(token / selection.tokensPerSlot)] as number;
    shares[frame] = (shares[frame] as number) + share;
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 0 ? shares.map((share) => share / sum) : shares;
}

/** Cross-attention of the given video rows to every memory token, weighted, summed over blocks. [tokens] */
async function memoryAttention(
  session: GraphSession, spec: ModelSpec, device: Device, input: LookedAtInput, rows: readonly number[], weights: Float64Array,
): Promise<Float64Array> {
  const width = spec.text.heads * spec.text.headSize;
  const { memory } = input;
  const sums = new Float64Array(memory.tokenCount);
  const step = Math.max(1, Math.floor(scoresPerRun[placeOf(device)] / (spec.text.heads * memory.tokenCount)));
  const total = rows.reduce((sum, row) => sum + (weights[row] as number), 0);
  for (const [block, queries] of input.crossQueries.entries()) {
    await memory.useKeys(block, async (keys) => {
      for (let start = 0; start < rows.length; start += step) {
        throwIfCancelled(input.signal);
        const part = rows.slice(start, start + step);
        const picked = allocate(device.compute, part.length * width);
        part.forEach((row, index) => { picked.set(queries.subarray(row * width, (row + 1) * width), index * width); });
        const rowWeights = Float32Array.from(part, (row) => (weights[row] as number) / total);
        const results = await session.run({
          [shareNames.queries]: numberTensor(picked, [1, part.length, width]),
          [shareNames.rowWeights]: numberTensor(toCompute(device.compute, rowWeights), [part.length]),
          [shareNames.keys]: keys,
        }, [shareNames.shares]);
        numbersOf(output(results, shareNames.shares)).forEach((share, token) => { sums[token] = (sums[token] as number) + share; });
      }
    });
  }
  return sums;
}

/** Indices of the `count` largest values. */
function largest(values: Float64Array, count: number): number[] {
  return Array.from(values.keys()).sort((left, right) => (values[right] as number) - (values[left] as number)).slice(0, count);
}
