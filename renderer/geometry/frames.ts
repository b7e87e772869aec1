/** Index of the first of an ascending list that is not below `value`; its length where all are. */
export function lowerBound<Item>(items: readonly Item[], value: number, of: (item: Item) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(items[middle] as Item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The frame that was on screen at a moment: the last that began before it. -1 where there are none, 0 before the first. */
export function frameAt(ptsSeconds: readonly number[], seconds: number): number {
  if (ptsSeconds.length === 0) return -1;
  return Math.max(0, lowerBound(ptsSeconds, seconds + 1e-6, (pts) => pts) - 1);
}
