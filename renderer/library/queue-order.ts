/** Before which one an item stands after it was moved one place; undefined where it cannot go. `beforeId` undefined: at the end. */
export function placeAfterMove(order: readonly string[], id: string, step: -1 | 1): { readonly beforeId: string | undefined } | undefined {
  const from = order.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= order.length) return undefined;
  return { beforeId: step < 0 ? order[to] : order[to + 1] };
}
