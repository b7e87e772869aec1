import { memaugBlockNames, memaugHalfNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { CrossAttention } from './cross-attention.ts';
import type { CrossMemory } from './cross-memory.ts';
import { store } from './memaug-pieces.ts';
import type { Pieces, RotationFeeds, SelfKeys } from './memaug-pieces.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Blocks that are cut at their cross-attention, and what attends there. */
export type MemaugHalves = {
  readonly before: readonly GraphSession[];
  readonly after: readonly GraphSession[];
  readonly attention: CrossAttention;
};

export type HalvedBlockInput = {
  readonly rows: Numbers;
  readonly count: number;
  readonly selfKeys: SelfKeys;
  readonly rotation: RotationFeeds;
  readonly memory: CrossMemory;
  /** Rows of one native run. */
  readonly tile: number;
  readonly signal: AbortSignal | undefined;
  /** The share of this block that is done. */
  readonly onShare: (share: number) => void;
};

/** The kernel's part of a block's time; the rest is the two graphs'. */
const attentionShare = 0.8;

/** One block over all rows; fills `pieces`. All cross queries are there before the first of them attends. */
export async function runHalvedBlock(halves: MemaugHalves, spec: ModelSpec, device: Device, block: number, input: HalvedBlockInput, pieces: Pieces): Promise<void> {
  const { rows, count, selfKeys, rotation, memory, tile, signal, onShare } = input;
  const { hidden, heads, headSize } = spec.text;
  const tiled = async (run: (start: number, end: number) => Promise<void>, share: (done: number) => number) => {
    for (let start = 0; start < count; start += tile) {
      throwIfCancelled(signal);
      const end = Math.min(count, start + tile);
      await run(start, end);
      onShare(share(end / count));
    }
  };
  const part = (values: Numbers, width: number, start: number, end: number) => numberTensor(values.subarray(start * width, end * width), [end - start, width]);

  const first = allocate(device.compute, count * hidden);
  await tiled(async (start, end) => {
    const results = await (halves.before[block] as GraphSession).run({
      [memaugBlockNames.rows]: part(rows, hidden, start, end),
      ...rotation(start, end),
      [memaugBlockNames.selfKey]: selfKeys.key,
      [memaugBlockNames.selfValue]: selfKeys.value,
    }, [memaugHalfNames.first, memaugBlockNames.crossQuery]);
    first.set(numbersOf(output(results, memaugHalfNames.first)), start * hidden);
    store(pieces, results, start);
  }, (done) => (1 - attentionShare) / 2 * done);

  const attended = await memory.useHeld(block, halves.attention, (held) => halves.attention.attend(pieces.crossQuery.values, held, {
    beforeSubmission: () => { throwIfCancelled(signal); },
    onShare: (share) => { onShare((1 - attentionShare) / 2 + attentionShare * share); },
  }));

  const { output: result, nextKey, nextValue } = memaugBlockNames;
  const hasNext = block + 1 < spec.memaugDepth;
  await tiled(async (start, end) => {
    store(pieces, await (halves.after[block] as GraphSession).run({
      [memaugHalfNames.first]: part(first, hidden, start, end),
      [memaugHalfNames.attended]: part(attended, heads * headSize, start, end),
      ...(hasNext ? rotation(start, end) : {}),
    }, hasNext ? [result, nextKey, nextValue] : [result]), start);
  }, (done) => 1 - (1 - attentionShare) / 2 * (1 - done));
}
