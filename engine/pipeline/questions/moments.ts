import { formatTime } from '../../chat/citations.ts';

/** What is known about a film, and can be asked about. */
export type FilmFacts = {
  /** Up to here it is in memory; 0 where nobody knows how long it is. */
  readonly knownSeconds: number;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
  /** In order; a title is empty where a chapter has none. */
  readonly chapters: readonly { readonly startSeconds: number; readonly endSeconds: number; readonly title: string }[];
  /** Whether a summary of the whole is shown already. */
  readonly hasSummary: boolean;
  /** Lines of its subtitles, in order. */
  readonly lines: readonly { readonly startSeconds: number; readonly text: string }[];
};

/** A time within the film, a chapter that has a name, or a line that is said; each with its time as it is written everywhere. */
export type Moment = { readonly kind: 'time' | 'chapter' | 'line'; readonly seconds: number; readonly time: string; /** Empty for a time. */ readonly words: string };

/** A film that is shorter has no moments to tell apart. */
const shortestSeconds = 20;
/** A longer one is asked about by tens of seconds, as people do. */
const tensFromSeconds = 600;
/** Two moments that lie closer are one. */
const apartSeconds = 10;
/** Any two of its multiples' fractions are well apart: moments are spread evenly, however many are asked for. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Moments all over a film, one after the other: chapters and lines where there are any, between them times. */
export function chooseMoments({ knownSeconds, isWhole, chapters, lines }: FilmFacts): { next(): Moment | undefined; nextPair(): readonly [Moment, Moment] | undefined } {
  const named = chapters.filter(({ startSeconds, endSeconds, title }) => startSeconds >= 0 && startSeconds < knownSeconds && (isWhole || endSeconds <= knownSeconds) && canQuote(title, 1, 60));
  const said = lines.filter(({ startSeconds, text }) => startSeconds >= 0 && startSeconds < knownSeconds && canQuote(text, 8, 70));
  const stepSeconds = knownSeconds >= tensFromSeconds ? 10 : 1;
  let given = 0;
  let pairs = 0;
  const share = (index: number): number => (0.5 + index * goldenRatio) % 1;
  const pick = <Item>(items: readonly Item[], index: number): Item | undefined => items[Math.floor(share(index) * items.length)];
  const timeAt = (index: number): Moment => {
    const seconds = Math.max(stepSeconds, Math.floor((share(index) * knownSeconds) / stepSeconds) * stepSeconds);
    return { kind: 'time', seconds, time: formatTime(seconds), words: '' };
  };
  const chapterAt = (index: number): Moment | undefined => {
    const chapter = pick(named, index);
    return chapter && { kind: 'chapter', seconds: chapter.startSeconds, time: formatTime(chapter.startSeconds), words: chapter.title.trim() };
  };
  const lineAt = (index: number): Moment | undefined => {
    const line = pick(said, index);
    return line && { kind: 'line', seconds: line.startSeconds, time: formatTime(line.startSeconds), words: line.text.trim() };
  };
  return {
    next() {
      if (knownSeconds < shortestSeconds) return undefined;
      const index = given++;
      // Of four, two are about chapters, one about a line, one about a time.
      return (index % 2 === 0 ? chapterAt(index) : index % 4 === 1 ? lineAt(index) : undefined) ?? timeAt(index);
    },
    nextPair() {
      if (knownSeconds < shortestSeconds) return undefined;
      const index = 2 * pairs++;
      const [one, other] = named.length > 1 ? [chapterAt(index), chapterAt(index + 1)] : [timeAt(index), timeAt(index + 1)];
      if (one === undefined || other === undefined || Math.abs(one.seconds - other.seconds) < apartSeconds) return undefined;
      return one.seconds < other.seconds ? [one, other] : [other, one];
    },
  };
}

/** Whether words can stand between quotation marks in a sentence: one line of a bearable length, with letters, and without such marks itself. */
function canQuote(text: string, fewest: number, most: number): boolean {
  const words = text.trim();
  return words.length >= fewest && words.length <= most && /\p{Letter}/u.test(words) && !/["“”\p{Cc}]/u.test(words);
}
