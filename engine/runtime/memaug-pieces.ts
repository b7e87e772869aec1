import type { Tensor } from 'onnxruntime-node';
import { memaugBlockNames, rotaryNames } from '../models/graph-names.ts';
import { memaugRotarySize } from '../models/memaug.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { Device } from './session.ts';
import { allocate, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Cosines and sines of the rows from `start` to `end`. */
export type RotationFeeds = (start: number, end: number) => Record<string, Tensor>;

export function rotaryRows(spec: ModelSpec, device: Device, positions: Int32Array): RotationFeeds {
  const size = memaugRotarySize(spec.text);
  const half = size / 2;
  const tables = rotaryTables(positions, size, spec.text.ropeTheta);
  const cosine = toCompute(device.compute, tables.cosine);
  const sine = toCompute(device.compute, tables.sine);
  return (start, end) => ({
    [rotaryNames.cosine]: numberTensor(cosine.subarray(start * half, end * half), [end - start, half]),
    [rotaryNames.sine]: numberTensor(sine.subarray(start * half, end * half), [end - start, half]),
  });
}

/** Self-attention keys and values of all rows, each [1, rows, keyHeads · headSize]. */
export type SelfKeys = { readonly key: Tensor; readonly value: Tensor };

export function keyTensors(spec: ModelSpec, count: number, key: Numbers, value: Numbers): SelfKeys {
  const shape = [1, count, spec.text.keyHeads * spec.text.headSize];
  return { key: numberTensor(key, shape), value: numberTensor(value, shape) };
}

type Piece = { readonly name: string; readonly width: number; readonly values: Numbers };
/** What a block makes, filled run by run. */
export type Pieces = Record<'output' | 'crossQuery' | 'nextKey' | 'nextValue', Piece>;

/** For so many rows. The last block has no keys and values for a next one, and only its cross queries are kept. */
export function newPieces(spec: ModelSpec, device: Device, count: number, isLast: boolean): Pieces {
  const { hidden, heads, keyHeads, headSize } = spec.text;
  const piece = (name: string, width: number, isMade = true): Piece => ({ name, width, values: allocate(device.compute, isMade ? count * width : 0) });
  return {
    output: piece(memaugBlockNames.output, hidden),
    crossQuery: piece(memaugBlockNames.crossQuery, heads * headSize, isLast),
    nextKey: piece(memaugBlockNames.nextKey, keyHeads * headSize, !isLast),
    nextValue: piece(memaugBlockNames.nextValue, keyHeads * headSize, !isLast),
  };
}

/** Puts those of a run's results that are pieces where they belong. */
export function store(pieces: Pieces, results: Record<string, Tensor>, start: number): void {
  for (const { name, width, values } of Object.values(pieces)) {
    const result = results[name];
    if (result !== undefined) values.set(numbersOf(result), start * width);
  }
}
