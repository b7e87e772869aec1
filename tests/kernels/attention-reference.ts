/** Attention of one row by its definition in float64: softmax(q·kᵀ · scale) · v of every key head, [keyHeads · headSize]. */
export function attentionOf(
  query: ArrayLike<number>, key: ArrayLike<number>, value: ArrayLike<number>, row: number, keyHeads: number, headSize: number, scale: number,
): Float64Array {
  const width = keyHeads * headSize;
  const keys = key.length / width;
  const attended = new Float64Array(width);
  for (let head = 0; head < width; head += headSize) {
    const own = Float64Array.from({ length: headSize }, (_, channel) => query[row * width + head + channel] as number);
    const scores = Float64Array.from({ length: keys }, (_, column) => {
      let score = 0;
      for (let channel = 0; channel < headSize; channel += 1) score += (own[channel] as number) * (key[column * width + head + channel] as number);
      return score * scale;
    });
    const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    let total = 0;
    for (let column = 0; column < keys; column += 1) {
      const weight = Math.exp((scores[column] as number) - highest);
      total += weight;
      for (let channel = head; channel < head + headSize; channel += 1) attended[channel] = (attended[channel] as number) + weight * (value[column * width + channel] as number);
    }
    for (let channel = head; channel < head + headSize; channel += 1) attended[channel] = (attended[channel] as number) / total;
  }
  return attended;
}

/** Pseudo-random numbers between −2.5 and 2.5, the same for a seed: scores of 128 channels have a standard deviation of two. */
export function peakedNumbers(length: number, seed: number): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(length);
  let state = (seed * 2_654_435_761) >>> 0;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    numbers[index] = (state / 2 ** 32 - 0.5) * 5;
  }
  return numbers;
}

export function peakedHalves(length: number, seed: number): Float16Array<ArrayBuffer> {
  return new Float16Array(peakedNumbers(length, seed));
}
