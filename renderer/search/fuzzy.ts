/** A part of a text that was looked for; UTF-16 offsets. */
export type Place = { readonly start: number; readonly end: number };
export type FuzzyMatch = { readonly score: number; readonly matches: readonly Place[] };

const wordStart = 8;
const consecutive = 5;
const single = 1;
/** Words that stand together as typed are what was meant. */
const whole = 40;

/**
 * Whether the letters of a query stand in a text in this order, and how well: beginnings of words and letters side by side
 * count most, and shorter texts before longer ones. Undefined where they do not. Case, accents and spaces do not matter.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const needle = fold(query).replaceAll(/\s+/gu, '');
  if (needle === '') return { score: 0, matches: [] };
  const hay = fold(text);
  const together = hay.indexOf(fold(query).trim());
  if (together >= 0) {
    const length = query.trim().length;
    return { score: whole + length * consecutive + (startsWord(hay, together) ? whole : 0) - hay.length / 100, matches: [{ start: together, end: together + length }] };
  }
  const places = placesOf(needle, hay, true) ?? placesOf(needle, hay, false);
  if (places === undefined) return undefined;
  const score = places.reduce((sum, at, index) => sum + (startsWord(hay, at) ? wordStart : places[index - 1] === at - 1 ? consecutive : single), 0);
  return { score: score - hay.length / 100, matches: join(places) };
}

/** Of each letter in turn; with `byWords` a letter that does not go on a run has to begin a word. */
function placesOf(needle: string, hay: string, byWords: boolean): number[] | undefined {
  const places: number[] = [];
  let from = 0;
  for (const letter of needle.split('')) {
    let at = hay.indexOf(letter, from);
    if (byWords) while (at >= 0 && at !== (places.at(-1) ?? NaN) + 1 && !startsWord(hay, at)) at = hay.indexOf(letter, at + 1);
    if (at < 0) return undefined;
    places.push(at);
    from = at + 1;
  }
  return places;
}

function join(places: readonly number[]): Place[] {
  const joined: Place[] = [];
  for (const at of places) {
    const last = joined.at(-1);
    if (last?.end === at) joined[joined.length - 1] = { start: last.start, end: at + 1 };
    else joined.push({ start: at, end: at + 1 });
  }
  return joined;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1));
}

/** Without case and accents, one UTF-16 unit for one, so that offsets stay. */
function fold(text: string): string {
  return text.split('').map((unit) => unit.normalize('NFD').charAt(0).toLowerCase().charAt(0)).join('');
}
