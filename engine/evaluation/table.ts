export type Group = { readonly name: string; readonly correct: number; readonly total: number };

/** Counts by a key, in the order of first appearance. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string, isCorrect: (item: Item) => boolean): Group[] {
  const groups = new Map<string, { correct: number; total: number }>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? { correct: 0, total: 0 };
    group.total += 1;
    if (isCorrect(item)) group.correct += 1;
    groups.set(keyOf(item), group);
  }
  return [...groups].map(([name, counts]) => ({ name, ...counts }));
}

/** Wilson's 95 % interval of a share: honest for small counts and at 0 and 100 %, where the normal one is not. */
export function wilsonInterval(correct: number, total: number): readonly [number, number] {
  if (total === 0) return [0, 1];
  const z = 1.959964;
  const share = correct / total;
  const centre = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** "97.5 % [93–99], 78 of 80". */
export function describeGroup({ correct, total }: Group): string {
  const [low, high] = wilsonInterval(correct, total);
  return `${((100 * correct) / Math.max(1, total)).toFixed(1).padStart(5)} % [${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)}], ${correct} of ${total}`;
}
