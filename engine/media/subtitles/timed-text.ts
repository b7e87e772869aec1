export type Cue = { readonly startSeconds: number; readonly endSeconds: number; readonly text: string };

const timestamp = String.raw`(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?`;
const timingLine = new RegExp(String.raw`^\s*${timestamp}\s*-->\s*${timestamp}`);

/**
 * Reads SubRip and WebVTT as they are found in the wild: with or without indices, hours or milliseconds, a dot or a comma,
 * any line break, blank lines inside a SubRip cue, overlapping and unsorted cues. Markup is taken off. Text that is no
 * subtitle gives no cues; nothing throws. Cues come in order of their start.
 */
export function parseTimedText(source: string): Cue[] {
  const lines = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const isWebVtt = /^WEBVTT(\s|$)/.test(lines[0] ?? '');
  const cues: Cue[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const timing = timingLine.exec(lines[index] ?? '');
    if (!timing) continue;
    const end = isWebVtt ? endOfBlock(lines, index + 1) : endOfSubRipCue(lines, index + 1);
    const text = plainText(lines.slice(index + 1, end).join('\n'), isWebVtt);
    const startSeconds = toSeconds(timing, 1);
    if (text !== '') cues.push({ startSeconds, endSeconds: Math.max(startSeconds, toSeconds(timing, 5)), text });
    index = end - 1;
  }
  return cues.sort((one, other) => one.startSeconds - other.startSeconds);
}

function toSeconds(match: RegExpExecArray, group: number): number {
  const [hours, minutes, seconds, fraction] = [0, 1, 2, 3].map((offset) => match[group + offset]);
  const milliseconds = Number((fraction ?? '').padEnd(3, '0'));
  // Whole milliseconds first: sums of fractions would differ in the last bit from the timestamps they came from.
  return (Number(hours ?? 0) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + milliseconds) / 1000;
}

/** WebVTT: a blank line ends a cue, and so does a timing line that somebody forgot to set apart. */
function endOfBlock(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !timingLine.test(lines[end] ?? '')) end += 1;
  return end;
}

/** SubRip: only the next cue, its index or the end of the file ends a cue; its text may have blank lines. */
function endOfSubRipCue(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && !timingLine.test(lines[end] ?? '')) end += 1;
  const hasIndex = end < lines.length && end > from && /^\s*\d+\s*$/.test(lines[end - 1] ?? '') && (end - 1 === from || (lines[end - 2] ?? '').trim() === '');
  return hasIndex ? end - 1 : end;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', lrm: '', rlm: '', quot: '"', apos: "'" };

/** Takes off tags (`<i>`, `<c.yellow>`, `<00:01.500>`), override blocks (`{\an8}`) and, in WebVTT, character references. */
function plainText(markup: string, hasEntities: boolean): string {
  const bare = markup
    .replace(/\{\\[^}]*\}/g, '')
    .replace(/<\/?[a-z][^<>]*>|<[\d:.]+>/gi, '')
    .replaceAll('\\h', ' ');
  const text = hasEntities ? bare.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole) : bare;
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\n');
}
