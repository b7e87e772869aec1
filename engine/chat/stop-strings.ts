/** Text that comes in pieces, up to the first of some strings. */
export type StopFilter = {
  /** What can be said of the text so far and was not yet: the beginning of a string that may become a whole one is kept back. */
  push(piece: string): string;
  /** What was kept back, once no more comes. */
  flush(): string;
  /** Whether a string has come; nothing is said from there on. */
  readonly stopped: boolean;
};

/** Ends a text before any of `stops`, which may lie across pieces. Empty strings stop nothing. */
export function createStopFilter(stops: readonly string[]): StopFilter {
  const wanted = stops.filter((stop) => stop !== '');
  let kept = '';
  let stopped = false;
  return {
    push(piece) {
      if (stopped) return '';
      kept += piece;
      const at = firstStop(kept, wanted);
      stopped = at !== undefined;
      return take(at ?? kept.length - unsure(kept, wanted));
    },
    flush: () => (stopped ? '' : take(kept.length)),
    get stopped() { return stopped; },
  };

  function take(length: number): string {
    const said = kept.slice(0, length);
    kept = kept.slice(length);
    return said;
  }
}

/** Where the string begins that is whole first: with that, it makes no difference into which pieces the text is cut. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => ({ at: text.indexOf(stop), length: stop.length })).filter(({ at }) => at !== -1);
  return found.sort((one, other) => one.at + one.length - other.at - other.length || one.at - other.at)[0]?.at;
}

/** The longest end of a text that one of the strings begins with. */
function unsure(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
