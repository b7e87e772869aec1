/**
 * NOTE folded heads. Without a mask, grouped-query attention of H query heads over K key heads is the same as
 * attention of K heads over H/K times as many queries: the heads of a group are moved into the query length, and keys
 * and values are never repeated. Query channels are therefore kept in the order (member of the group, key head, channel):
 * reshaping [rows, H·d] to [rows · H/K, K·d] then folds without moving a byte. The weights are permuted once, at import.
 */

/** Channel order of folded queries: entry i says which of the checkpoint's H·d channels stands at place i. */
export function foldedChannels(heads: number, keyHeads: number, headSize: number): Int32Array {
  const group = heads / keyHeads;
  const order = new Int32Array(heads * headSize);
  let place = 0;
  for (let member = 0; member < group; member += 1) {
    for (let keyHead = 0; keyHead < keyHeads; keyHead += 1) {
      // Query head h uses key head floor(h / group).
      const head = keyHead * group + member;
      for (let channel = 0; channel < headSize; channel += 1) {
        order[place] = head * headSize + channel;
        place += 1;
      }
    }
  }
  return order;
}
