import { toSeconds, type Scale } from './geometry.ts';

/** A quantity over the video: one value for every `binSeconds`. */
export type Binned = { readonly binSeconds: number; readonly values: ArrayLike<number> };

/** The highest value under each of `columns` equal columns of the view: no narrow peak is lost between two pixels. */
export function peaksOf(scale: Scale, { binSeconds, values }: Binned, columns: number): Float32Array {
  const peaks = new Float32Array(columns);
  if (!(binSeconds > 0)) return peaks;
  for (let column = 0; column < columns; column += 1) {
    const first = Math.max(0, Math.floor(toSeconds(scale, (column / columns) * scale.width) / binSeconds));
    const end = Math.min(values.length, Math.max(first + 1, Math.ceil(toSeconds(scale, ((column + 1) / columns) * scale.width) / binSeconds)));
    let peak = 0;
    for (let bin = first; bin < end; bin += 1) peak = Math.max(peak, values[bin] ?? 0);
    peaks[column] = peak;
  }
  return peaks;
}

/** What the values are drawn in parts of: their highest. Kept for a list that does not change. */
export function highestOf(values: ArrayLike<number>): number {
  let highest = 0;
  for (let index = 0; index < values.length; index += 1) highest = Math.max(highest, values[index] ?? 0);
  return highest;
}
