/**
 * The old value where the new one says the same, so that nothing that shows it is drawn again. Both are plain data as it
 * comes from the engine, members in the order of its schema.
 */
export function keepEqual<Value>(before: Value | undefined, after: Value): Value {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
