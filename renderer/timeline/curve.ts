import { lengthOf } from '../geometry/range.ts';
import { toSeconds, type Scale } from '../geometry/view.ts';

/** A quantity over the video: one value for every `binSeconds`. */
export type Binned = { readonly binSeconds: number; readonly values: ArrayLike<number> };

const coarserBy = 8;
/** A column is made of at least so many bins, so that a peak is not drawn where its neighbour is. */
const leastBins = 4;
const coarserKnown = new WeakMap<object, Binned>();

/** The same in bins eight times as long, each its highest. Kept for values that do not change. */
function coarser({ binSeconds, values }: Binned): Binned {
  const known = coarserKnown.get(values);
  if (known !== undefined) return known;
  const highest = new Float32Array(Math.ceil(values.length / coarserBy));
  for (let bin = 0; bin < values.length; bin += 1) {
    const index = Math.floor(bin / coarserBy);
    highest[index] = Math.max(highest[index] ?? 0, values[bin] ?? 0);
  }
  const made = { binSeconds: binSeconds * coarserBy, values: highest };
  coarserKnown.set(values, made);
  return made;
}

/** As coarse as columns of this length allow: the sound of ten hours is a third of a million values, and a view has hundreds of columns. */
function coarseFor(binned: Binned, columnSeconds: number): Binned {
  return binned.binSeconds * coarserBy * leastBins <= columnSeconds ? coarseFor(coarser(binned), columnSeconds) : binned;
}

/** The highest value under each of `columns` equal columns of the view: no narrow peak is lost between two pixels. */
export function peaksOf(scale: Scale, binned: Binned, columns: number): Float32Array {
  const peaks = new Float32Array(columns);
  if (!(binned.binSeconds > 0)) return peaks;
  const { binSeconds, values } = coarseFor(binned, lengthOf(scale.view) / columns);
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
