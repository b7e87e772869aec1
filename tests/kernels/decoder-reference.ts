import type { DecoderHeads } from '../../engine/kernels/decoder-heads.ts';

/** A row of queries, keys and values, the first two rotated; all in float64. */
export type RotatedRow = { readonly query: Float64Array; readonly key: Float64Array; readonly value: Float64Array };

/** `row` [(heads + 2 · keyHeads) · headSize] with `table` [headSize], the cosines and sines of its position. */
export function rotatedRow(row: ArrayLike<number>, { heads, keyHeads, headSize }: DecoderHeads, table: ArrayLike<number>): RotatedRow {
  const half = headSize / 2;
  const at = (index: number) => row[index] as number;
  const turned = (from: number, count: number) => Float64Array.from({ length: count * headSize }, (_, index) => {
    const pair = index % half;
    const start = from + Math.floor(index / headSize) * headSize;
    const [cosine, sine] = [table[pair] as number, table[half + pair] as number];
    return index % headSize < half ? at(start + pair) * cosine - at(start + half + pair) * sine : at(start + half + pair) * cosine + at(start + pair) * sine;
  });
  const values = (heads + keyHeads) * headSize;
  return { query: turned(0, heads), key: turned(heads * headSize, keyHeads), value: Float64Array.from({ length: keyHeads * headSize }, (_, index) => at(values + index)) };
}

/** Softmax of a head's scores of the first `keyCount` rows. */
function weightsOf(rows: readonly RotatedRow[], row: number, keyCount: number, head: number, { heads, keyHeads, headSize }: DecoderHeads): Float64Array {
  const keyHead = Math.floor(head / (heads / keyHeads));
  const { query } = rows[row] as RotatedRow;
  const scores = Float64Array.from({ length: keyCount }, (_, key) => {
    let score = 0;
    for (let channel = 0; channel < headSize; channel += 1) score += (query[head * headSize + channel] as number) * ((rows[key] as RotatedRow).key[keyHead * headSize + channel] as number);
    return score / Math.sqrt(headSize);
  });
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const weights = scores.map((score) => Math.exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** What a row gathers from the first `keyCount` rows, [heads · headSize]. */
export function attendedRow(rows: readonly RotatedRow[], row: number, keyCount: number, shape: DecoderHeads): Float64Array {
  const { heads, keyHeads, headSize } = shape;
  const attended = new Float64Array(heads * headSize);
  for (let head = 0; head < heads; head += 1) {
    const from = Math.floor(head / (heads / keyHeads)) * headSize;
    weightsOf(rows, row, keyCount, head, shape).forEach((weight, key) => {
      for (let channel = 0; channel < headSize; channel += 1) {
        const place = head * headSize + channel;
        attended[place] = (attended[place] as number) + weight * ((rows[key] as RotatedRow).value[from + channel] as number);
      }
    });
  }
  return attended;
}

/** What each of the first `keyCount` keys gets of the attention of rows `first` to `keyCount`, all of which see all, [keyHeads, keyCount]. */
export function sharesOf(rows: readonly RotatedRow[], first: number, keyCount: number, shape: DecoderHeads): Float64Array {
  const shares = new Float64Array(shape.keyHeads * keyCount);
  for (let row = first; row < keyCount; row += 1) {
    for (let head = 0; head < shape.heads; head += 1) {
      const from = Math.floor(head / (shape.heads / shape.keyHeads)) * keyCount;
      weightsOf(rows, row, keyCount, head, shape).forEach((weight, key) => { shares[from + key] = (shares[from + key] as number) + weight; });
    }
  }
  return shares;
}
