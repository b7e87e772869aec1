/** A short piece of a text, with the places in it that were looked for. */
export type Snippet = {
  readonly snippet: string;
  /** UTF-16 offsets into `snippet`, ascending. */
  readonly matches: readonly { readonly start: number; readonly end: number }[];
};

const charactersBefore = 40;
const snippetLength = 160;

/** Words and "quoted phrases" of a query. An unclosed quote is a character like any other; NUL would end SQLite's text. */
export function searchTerms(query: string): string[] {
  const terms = [...query.replaceAll('\0', ' ').matchAll(/"([^"]+)"|(\S+)/gu)].map(([, phrase, word]) => (phrase ?? word ?? '').trim());
  return [...new Set(terms.filter((term) => term !== ''))];
}

/** Cuts around the first term found, at word borders where there are any, and marks every term. */
export function makeSnippet(text: string, terms: readonly string[]): Snippet {
  const folded = fold(text);
  const needles = terms.map(fold);
  const first = Math.min(...needles.map((needle) => folded.indexOf(needle)).filter((index) => index >= 0), text.length);
  const start = first === text.length ? 0 : cutBefore(text, first - charactersBefore);
  const end = start + snippetLength >= text.length ? text.length : cutBefore(text, start + snippetLength);
  const prefix = start > 0 ? '…' : '';
  const body = text.slice(start, end).replaceAll(/\s/gu, ' ');
  const matches = needles.flatMap((needle) => places(folded.slice(start, end), needle))
    .map((place) => ({ start: place.start + prefix.length, end: place.end + prefix.length }))
    .sort((one, other) => one.start - other.start || other.end - one.end)
    .filter((place, index, all) => all.slice(0, index).every((before) => before.end <= place.start));
  return { snippet: `${prefix}${body}${end < text.length ? '…' : ''}`, matches };
}

function places(text: string, needle: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) found.push({ start: at, end: at + needle.length });
  return found;
}

/** Without case and accents, one UTF-16 unit for one, so that offsets stay. */
function fold(text: string): string {
  return text.split('').map((unit) => unit.normalize('NFD').charAt(0).toLowerCase().charAt(0)).join('');
}

/** The nearest border of a word at or before an offset, else of a character: never inside a surrogate pair. */
function cutBefore(text: string, offset: number): number {
  if (offset <= 0) return 0;
  const space = text.lastIndexOf(' ', offset);
  if (space >= offset - 20) return space + 1;
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}
