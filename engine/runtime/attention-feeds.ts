import type { Tensor } from 'onnxruntime-node';
import { rotaryNames } from '../models/graph-names.ts';
import { decoderRotary } from '../models/rope-scaling.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { allocate, numberTensor, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Added to the scores of rows that must not be seen; finite, so that no row of a softmax is empty of numbers. */
const maskedScore = { float32: -1e30, float16: -6e4 } as const;

/** [rows, past + rows]: new row i sees all of the past and the new rows up to itself; not the first column where it is no token. */
export function causalMask(compute: ComputeType, rows: number, past: number, firstIsEmpty: boolean): Numbers {
  const total = past + rows;
  const hidden = maskedScore[compute];
  const mask = allocate(compute, rows * total);
  for (let row = 0; row < rows; row += 1) {
    if (firstIsEmpty) mask[row * total] = hidden;
    mask.fill(hidden, row * total + past + row + 1, (row + 1) * total);
  }
  return mask;
}

/** Rotary tables of `rows` positions from `first` on. */
export function rotaryFeeds(spec: ModelSpec, compute: ComputeType, first: number, rows: number): Record<string, Tensor> {
  const { headSize } = spec.text;
  const tables = decoderRotary(Int32Array.from({ length: rows }, (_, row) => first + row), spec.text);
  return {
    [rotaryNames.cosine]: numberTensor(toCompute(compute, tables.cosine), [rows, headSize / 2]),
    [rotaryNames.sine]: numberTensor(toCompute(compute, tables.sine), [rows, headSize / 2]),
  };
}
