import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { buildProbe, buildShares } from '../../engine/models/attention-shares.ts';
import { foldedChannels } from '../../engine/models/heads.ts';
import { rotaryTables } from '../../engine/models/rotary.ts';
import type { ModelDimensions } from '../../engine/models/spec.ts';
import { largestDifference, runGraph, wave } from '../graph/run-graph.ts';

const [heads, keyHeads, headSize, rows, tokens] = [4, 2, 8, 3, 11];
const dimensions = { text: { heads, keyHeads, headSize } } as unknown as ModelDimensions;
const width = heads * headSize;

/** Softmax of query · key / √d by its definition, for one row and head. queries in the checkpoint's channel order. */
function attention(queries: Float32Array, keys: Float32Array, row: number, head: number): Float64Array {
  const keyHead = Math.floor(head / (heads / keyHeads));
  const scores = Float64Array.from({ length: tokens }, (_, token) => {
    let sum = 0;
    for (let channel = 0; channel < headSize; channel += 1) {
      sum += (queries[row * width + head * headSize + channel] ?? 0) * (keys[(token * keyHeads + keyHead) * headSize + channel] ?? 0);
    }
    return Math.exp(sum / Math.sqrt(headSize));
  });
  const total = scores.reduce((sum, score) => sum + score, 0);
  return scores.map((score) => score / total);
}

test('shares of the cross-attention are its weighted mean over rows and heads', async () => {
  const queries = wave(rows * width, 0.9).map((value) => 3 * value);
  const keys = wave(tokens * keyHeads * headSize, 1.7);
  const rowWeights = Float32Array.of(0.5, 0.2, 0.3);
  const order = foldedChannels(heads, keyHeads, headSize);
  const folded = Float32Array.from({ length: rows * width }, (_, index) =>
    queries[Math.floor(index / width) * width + (order[index % width] ?? 0)] ?? 0);
  const { shares } = await runGraph(buildShares(dimensions, 'float32'), {
    queries: new Tensor('float32', folded, [1, rows, width]),
    row_weights: new Tensor('float32', rowWeights, [rows]),
    keys: new Tensor('float32', keys, [1, tokens, keyHeads * headSize]),
  });
  const expected = new Float64Array(tokens);
  rowWeights.forEach((weight, row) => {
    for (let head = 0; head < heads; head += 1) {
      attention(queries, keys, row, head).forEach((share, token) => { expected[token] = (expected[token] ?? 0) + weight * share / heads; });
    }
  });
  assert.ok(largestDifference(shares?.data as Float32Array, expected) < 1e-6);
});

for (const place of ['host', 'device'] as const) {
  test(`the probe of a cache on the ${place} is the mean attention of rotated rows`, async () => {
    const queries = wave(rows * width, 0.9).map((value) => 3 * value);
    const keys = wave(tokens * keyHeads * headSize, 1.7);
    const { cosine, sine } = rotaryTables(Int32Array.of(8, 9, 10), headSize, 1e6);
    const byHead = Float32Array.from({ length: keys.length }, (_, index) => {
      const token = Math.floor(index / headSize) % tokens;
      const head = Math.floor(index / headSize / tokens);
      return keys[(token * keyHeads + head) * headSize + index % headSize] ?? 0;
    });
    const { shares } = await runGraph(buildProbe(dimensions, place, 'float32'), {
      queries: new Tensor('float32', queries, [rows, width]),
      cosine: new Tensor('float32', cosine, [rows, headSize / 2]),
      sine: new Tensor('float32', sine, [rows, headSize / 2]),
      ...(place === 'host' ? { keys: new Tensor('float32', keys, [tokens, keyHeads, headSize]) } : {
        keys: new Tensor('float32', withRoom(byHead, 5), [1, keyHeads, tokens + 5, headSize]),
        length: new Tensor('int64', BigInt64Array.of(BigInt(tokens)), [1]),
      }),
    });
    const rotated = rotate(queries, cosine, sine);
    const expected = new Float64Array(tokens);
    for (let row = 0; row < rows; row += 1) {
      for (let head = 0; head < heads; head += 1) {
        attention(rotated, keys, row, head).forEach((share, token) => { expected[token] = (expected[token] ?? 0) + share / rows / heads; });
      }
    }
    assert.ok(largestDifference(shares?.data as Float32Array, expected) < 1e-6);
  });
}

/** Keys [keyHeads, tokens, headSize] with rows behind each head's that are no keys. */
function withRoom(keys: Float32Array, more: number): Float32Array<ArrayBuffer> {
  const roomy = new Float32Array(keyHeads * (tokens + more) * headSize).fill(7);
  for (let head = 0; head < keyHeads; head += 1) {
    roomy.set(keys.subarray(head * tokens * headSize, (head + 1) * tokens * headSize), head * (tokens + more) * headSize);
  }
  return roomy;
}

/** y₁ = x₁ cos − x₂ sin, y₂ = x₂ cos + x₁ sin for the two halves of each head. */
function rotate(values: Float32Array, cosine: Float32Array, sine: Float32Array): Float32Array {
  const half = headSize / 2;
  return values.map((value, index) => {
    const row = Math.floor(index / width);
    const channel = index % headSize;
    const angle = row * half + channel % half;
    const other = values[channel < half ? index + half : index - half] ?? 0;
    return value * (cosine[angle] ?? 0) + (channel < half ? -1 : 1) * other * (sine[angle] ?? 0);
  });
}
