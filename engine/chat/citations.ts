export type Citation = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The words of the answer that name the time, and where they stand in it. */
  readonly text: string;
  readonly offset: number;
  /** False where the time lies outside of the video or of what was encoded: shown, but as unverified. */
  readonly verified: boolean;
  /** Of a model that rounds times: the second that the answer looked at most among those that the named time stands for. */
  readonly lookedAtSeconds?: number;
};

/** What a time is checked against. */
export type CitedVideo = {
  readonly durationSeconds: number;
  /** PTS of every encoded frame, ascending. */
  readonly framePtsSeconds: ArrayLike<number>;
};

// h:mm:ss or mm:ss; minutes may exceed 59 without hours, because models write 75:10.
const clock = String.raw`(?:\d{1,2}:[0-5]\d:[0-5]\d|\d{1,3}:[0-5]\d)(?![\d:])`;
const plain = String.raw`\d+(?:\.\d+)?\s?(?:seconds|second|secs|sec|s)\b`;
const one = `(?<![\\d:.])(?:${clock}|${plain})`;
const pattern = new RegExp(`(${one})(?:\\s*(?:-|–|—|to|until|and)\\s*(${one}))?`, 'giu');
const rangeWords = /(?:-|–|—|to|until)\s*$/iu;
// "It lasts about 24 seconds" and "24 seconds later" say how long, not when.
const lengthBefore = /\b(?:for|lasts?|lasted|lasting|takes?|took|stays?|stayed|within|during|every|only)\s+(?:(?:about|around|roughly|some|nearly|almost|only|just|exactly|at least|at most|up to|more than|less than)\s+)*(?:[\d.]+\s*(?:-|–|—|to|or)\s*)?$/iu;
const lengthAfter = /^\s+(?:long|later|earlier|after|before|apart|of)\b/iu;

/**
 * Finds the times that an answer names ("12:40", "from 3:05 to 3:09", "83 seconds") and checks each against the
 * video. "12:40 and 15:10" are two times, not a range; how long something lasts is no time.
 */
export function findCitations(answer: string, video: CitedVideo): Citation[] {
  const citations: Citation[] = [];
  for (const match of answer.matchAll(pattern)) {
    const [whole, first = '', second] = match;
    if (isLength(answer, match)) continue;
    const between = second === undefined ? '' : whole.slice(first.length, whole.length - second.length);
    if (second !== undefined && rangeWords.test(between) && parseTime(second) >= parseTime(first)) {
      citations.push(cite(whole, match.index, parseTime(first), parseTime(second), video));
      continue;
    }
    citations.push(cite(first, match.index, parseTime(first), parseTime(first), video));
    if (second !== undefined) {
      const offset = match.index + whole.length - second.length;
      citations.push(cite(second, offset, parseTime(second), parseTime(second), video));
    }
  }
  return citations;
}

/** Only of plain seconds: a clock time says when. */
function isLength(answer: string, { 0: words, index }: RegExpExecArray): boolean {
  return !words.includes(':') && (lengthBefore.test(answer.slice(0, index)) || lengthAfter.test(answer.slice(index + words.length)));
}

function cite(text: string, offset: number, startSeconds: number, endSeconds: number, video: CitedVideo): Citation {
  const verified = endSeconds <= video.durationSeconds && hasFrameNear(video.framePtsSeconds, startSeconds)
    && hasFrameNear(video.framePtsSeconds, endSeconds);
  return { startSeconds, endSeconds, text, offset, verified };
}

/** "1:02:03" -> 3723, "75:10" -> 4510, "83 seconds" -> 83. */
export function parseTime(text: string): number {
  if (!text.includes(':')) return Number.parseFloat(text);
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/** A memory holds a frame a second: further than two seconds from every frame lies in a gap or was not encoded. */
function hasFrameNear(ptsSeconds: ArrayLike<number>, seconds: number): boolean {
  const toleranceSeconds = 2;
  let low = 0;
  let high = ptsSeconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ptsSeconds[middle] ?? 0) < seconds) low = middle + 1; else high = middle;
  }
  return [low - 1, low].some((index) => Math.abs((ptsSeconds[index] ?? Infinity) - seconds) <= toleranceSeconds);
}

/** Seconds as people read them: "0:07", "12:40", "1:02:03". */
export function formatTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % 60)}` : `${minutes}:${twoDigits(whole % 60)}`;
}
