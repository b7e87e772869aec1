/** Attention of one head as it is defined, in float64: what kernels are tried against. query [queries, channels], key and value [keys, channels]. */
export function attentionByDefinition(query: Float32Array, key: Float32Array, value: Float32Array, channels: number): Float64Array {
  const queries = query.length / channels;
  const keys = key.length / channels;
  const attended = new Float64Array(query.length);
  for (let row = 0; row < queries; row += 1) {
    const weights = Float64Array.from({ length: keys }, (_, column) => {
      let score = 0;
      for (let channel = 0; channel < channels; channel += 1) {
        score += (query[row * channels + channel] as number) * (key[column * channels + channel] as number);
      }
      return Math.exp(score / Math.sqrt(channels));
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let index = 0; index < value.length; index += 1) {
      const place = row * channels + index % channels;
      attended[place] = (attended[place] as number)
        + (weights[Math.floor(index / channels)] as number) / sum * (value[index] as number);
    }
  }
  return attended;
}
