import { formatTime } from '../../chat/citations.ts';
import type { ShownChapter, ShownChapters } from './shown.ts';

export const chapterFormats = ['text', 'srt', 'csv', 'youtube'] as const;
export type ChapterFormat = (typeof chapterFormats)[number];

/** Why YouTube would not take a list as chapters: it wants three of ten seconds at least (support.google.com/youtube/answer/9884579). */
export type YoutubeProblem = 'fewer-than-three' | 'shorter-than-ten-seconds';

export type ExportedChapters = { readonly text: string; readonly problems: readonly YoutubeProblem[] };

const youtubeLeastChapters = 3;
const youtubeLeastSeconds = 10;

/** What stands in for a missing title, for a number that counts from 1. */
export type Untitled = (number: number) => string;

/**
 * Chapters as the text of a file. SRT and CSV have CRLF where their writers have it (RFC 4180); YouTube's is what one puts
 * into a video's description: its first is at 0:00 whatever comes before it, as YouTube wants it.
 */
export function exportChapters({ chapters, summary }: Pick<ShownChapters, 'chapters' | 'summary'>, format: ChapterFormat, untitled: Untitled): ExportedChapters {
  const titled = chapters.map((chapter, index) => ({ ...chapter, title: oneLine(chapter.title) || untitled(index + 1), text: oneLine(chapter.text) }));
  switch (format) {
    case 'text': return { text: asText(titled, summary), problems: [] };
    case 'srt': return { text: asSrt(titled), problems: [] };
    case 'csv': return { text: asCsv(titled), problems: [] };
    case 'youtube': return asYoutube(titled);
    default: return format satisfies never;
  }
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

function asText(chapters: readonly ShownChapter[], summary: string): string {
  const lines = chapters.flatMap(({ startSeconds, title, text }) => [`${formatTime(startSeconds)} ${title}`, ...(text === '' ? [] : [`    ${text}`])]);
  return [...(summary === '' ? [] : [summary, '']), ...lines, ''].join('\n');
}

/** One cue a chapter, over its whole length. What would read as the line of a time is none any more. */
function asSrt(chapters: readonly ShownChapter[]): string {
  return chapters.map(({ startSeconds, endSeconds, title }, index) =>
    `${index + 1}\n${srtTime(startSeconds)} --> ${srtTime(endSeconds)}\n${title.replaceAll('-->', '→')}\n`).join('\n');
}

function srtTime(seconds: number): string {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  const part = (divisor: number, modulus: number, digits: number): string => String(Math.floor(milliseconds / divisor) % modulus).padStart(digits, '0');
  return `${String(Math.floor(milliseconds / 3_600_000)).padStart(2, '0')}:${part(60_000, 60, 2)}:${part(1000, 60, 2)},${part(1, 1000, 3)}`;
}

function asCsv(chapters: readonly ShownChapter[]): string {
  const rows = chapters.map(({ startSeconds, endSeconds, title, text }, index) =>
    [String(index + 1), formatTime(startSeconds), startSeconds.toFixed(3), endSeconds.toFixed(3), csvText(title), csvText(text)]);
  return [['number', 'time', 'start_seconds', 'end_seconds', 'title', 'text'], ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** A spreadsheet runs what begins like a formula, and titles are anybody's: an apostrophe makes it text (OWASP, "CSV Injection"). */
const csvText = (text: string): string => /^[=+\-@]/u.test(text) ? `'${text}` : text;
const csvField = (text: string): string => /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function asYoutube(chapters: readonly ShownChapter[]): ExportedChapters {
  // It counts in whole seconds, and takes ascending times only.
  const starts = chapters.map(({ startSeconds }, index) => index === 0 ? 0 : Math.floor(startSeconds));
  const kept = chapters.map((chapter, index) => ({ ...chapter, start: starts[index] ?? 0 })).filter(({ start }, index) => index === 0 || start > (starts[index - 1] ?? 0));
  const problems: YoutubeProblem[] = [];
  if (kept.length < youtubeLeastChapters) problems.push('fewer-than-three');
  if (kept.some(({ start, endSeconds }, index) => (kept[index + 1]?.start ?? endSeconds) - start < youtubeLeastSeconds)) problems.push('shorter-than-ten-seconds');
  // A description with angle brackets is refused as a whole.
  return { text: kept.map(({ start, title }) => `${formatTime(start)} ${title.replaceAll('<', '‹').replaceAll('>', '›')}\n`).join(''), problems };
}
