const longestTitle = 80;
const longestText = 1500;

/** Control characters, and those that turn the direction of what follows. */
const unseen = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** A title out of what a model said: its first line, without the marks and words that models put around one. At most 80 letters. */
export function titleOf(said: string): string {
  const line = said.slice(0, 2 * longestText).split(/[\r\n]+/u).map(plainLine).find((each) => each !== '') ?? '';
  const bare = line.replace(/^title\s*[:：-]\s*/iu, '').replace(/^["'“”‘’«»「『]+|["'“”‘’«»」』]+$/gu, '').replace(/[.。]+$/u, '').trim();
  return shorten(bare, longestTitle);
}

/** What a model said, as one paragraph without anything that is not seen. */
export function paragraphOf(said: string): string {
  return shorten(said.replaceAll(unseen, ' ').replaceAll(/\s+/gu, ' ').trim(), longestText);
}

function plainLine(line: string): string {
  return line.replaceAll(unseen, ' ').replace(/^[\s#>*_`-]+|[\s*_`]+$/gu, '').replaceAll(/\s+/gu, ' ');
}

/** Cut between two words where there are any. */
export function shorten(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const cut = letters.slice(0, most - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
