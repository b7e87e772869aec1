import { memaugRowOperations } from '../models/costs.ts';
import { memaugBlockNames, queryKeysNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import { keyTensors, newPieces, rotaryRows, store } from './memaug-pieces.ts';
import type { RotationFeeds, SelfKeys } from './memaug-pieces.ts';
import { output, plainScores } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import type { SessionCrossMemory } from './session-cross-memory.ts';
import { numberTensor } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Work of one native run on the CPU: about 200 ms of two cores. An accelerator gets as much as keeps it busy. */
const operationsPerRun = { host: 32e9, device: 2e12 } as const;
/**
 * Tiles start at multiples of this many rows, so that every row meets the same blocking inside ONNX Runtime whatever
 * the tile: results do not depend on the tile size.
 */
const rowStep = 64;
/** ONNX Runtime lays keys and values of the whole memory out anew in every run: with fewer rows, that would be most of it. */
const fewestRows = 512;

/** A fast accelerator is kept busy by more rows than a slow one could take in a run: a run shorter than this doubles them. */
const growBelowMs = 400;

export type MemaugSessions = {
  readonly queryKeys: GraphSession;
  readonly blocks: readonly GraphSession[];
};

export type MemaugOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called after every native run with the share that is done, 0 to 1. */
  readonly onShare?: ((share: number) => void) | undefined;
};

export type MemaugResult = {
  /** The rows after the last block, [rows, hidden]. */
  readonly rows: Numbers;
  /** The last block's rotated cross-attention queries in folded order, [rows, heads · headSize]. */
  readonly crossQueries: Numbers;
};

/**
 * MemAug over a whole query sequence: block by block, and in each as many rows a run as keep the native call short.
 * `rows` [positions.length, hidden] is not changed.
 */
export async function runMemaug(
  sessions: MemaugSessions, spec: ModelSpec, device: Device, rows: Numbers, positions: Int32Array,
  memory: SessionCrossMemory, options: MemaugOptions,
): Promise<MemaugResult> {
  const { hidden } = spec.text;
  const count = positions.length;
  const rotation = rotaryRows(spec, device, positions);
  let tile = tileRows(spec, device, count, memory.tokenCount);
  const mayGrow = device.keepsTensors && device.attention === 'fused';
  let [current, crossQueries] = [rows, rows.subarray(0, 0)];
  let keys = await firstKeys(sessions.queryKeys, spec, rows, count, rotation);
  for (let block = 0; block < spec.memaugDepth; block += 1) {
    const isLast = block + 1 === spec.memaugDepth;
    const pieces = newPieces(spec, device, count, isLast);
    const [rowsNow, keysNow] = [current, keys];
    const onShare = (share: number) => options.onShare?.((block + share) / spec.memaugDepth);
    const whole = sessions.blocks[block] as GraphSession;
    await memory.useBlock(block, async (cross) => {
      for (let start = 0, end = 0; start < count; start = end) {
        throwIfCancelled(options.signal);
        end = Math.min(count, start + tile);
        const startedMs = performance.now();
        const results = await whole.run({
          [memaugBlockNames.rows]: numberTensor(rowsNow.subarray(start * hidden, end * hidden), [end - start, hidden]),
          ...rotation(start, end),
          [memaugBlockNames.selfKey]: keysNow.key,
          [memaugBlockNames.selfValue]: keysNow.value,
          [memaugBlockNames.crossKey]: cross.key,
          [memaugBlockNames.crossValue]: cross.value,
        }, isLast ? lastOutputs : innerOutputs);
        store(pieces, results, start);
        if (mayGrow && end - start === tile && performance.now() - startedMs < growBelowMs) tile *= 2;
        onShare(end / count);
      }
    });
    current = pieces.output.values;
    crossQueries = pieces.crossQuery.values;
    if (!isLast) keys = keyTensors(spec, count, pieces.nextKey.values, pieces.nextValue.values);
  }
  return { rows: current, crossQueries };
}

const innerOutputs = [memaugBlockNames.output, memaugBlockNames.nextKey, memaugBlockNames.nextValue];
const lastOutputs = [memaugBlockNames.output, memaugBlockNames.crossQuery];

function tileRows(spec: ModelSpec, device: Device, count: number, memoryTokens: number): number {
  const budget = device.keepsTensors ? operationsPerRun.device : operationsPerRun.host;
  const affordable = budget / memaugRowOperations(spec, count, memoryTokens);
  const fitting = device.attention === 'plain' ? plainScores / (spec.text.heads * Math.max(count, memoryTokens)) : Infinity;
  if (fitting < rowStep) return Math.max(1, Math.floor(fitting));
  return Math.max(rowStep, Math.round(Math.min(Math.max(affordable, fewestRows), fitting) / rowStep) * rowStep);
}

async function firstKeys(
  session: GraphSession, spec: ModelSpec, rows: Numbers, count: number, rotation: RotationFeeds,
): Promise<SelfKeys> {
  const results = await session.run({
    [queryKeysNames.rows]: numberTensor(rows, [count, spec.text.hidden]), ...rotation(0, count),
  }, [queryKeysNames.key, queryKeysNames.value]);
  return { key: output(results, queryKeysNames.key), value: output(results, queryKeysNames.value) };
}
