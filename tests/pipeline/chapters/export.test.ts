import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleOf, paragraphOf } from '../../../engine/pipeline/chapters/clean-text.ts';
import { exportChapters, type ChapterFormat } from '../../../engine/pipeline/chapters/export.ts';
import { fileChapters, type ShownChapter } from '../../../engine/pipeline/chapters/shown.ts';
import { parseTimedText } from '../../../engine/media/subtitles/timed-text.ts';
import { fc, runs } from '../../support/properties.ts';

const chapter = (startSeconds: number, endSeconds: number, title: string, text = ''): ShownChapter => ({ startSeconds, endSeconds, title, text });
const three = [chapter(0, 61.5, 'Arrival', 'They arrive.'), chapter(61.5, 3725, ''), chapter(3725, 3800, 'The "end", nearly')];
const write = (chapters: readonly ShownChapter[], format: ChapterFormat, summary = ''): ReturnType<typeof exportChapters> =>
  exportChapters({ chapters, summary }, format, (number) => `Chapter ${number}`);

test('each format, and what stands in for a missing title', () => {
  assert.equal(write(three, 'text', 'A visit.').text, 'A visit.\n\n0:00 Arrival\n    They arrive.\n1:01 Chapter 2\n1:02:05 The "end", nearly\n');
  assert.equal(write(three, 'srt').text, '1\n00:00:00,000 --> 00:01:01,500\nArrival\n\n2\n00:01:01,500 --> 01:02:05,000\nChapter 2\n\n3\n01:02:05,000 --> 01:03:20,000\nThe "end", nearly\n');
  assert.equal(write(three, 'csv').text, 'number,time,start_seconds,end_seconds,title,text\r\n1,0:00,0.000,61.500,Arrival,They arrive.\r\n'
    + '2,1:01,61.500,3725.000,Chapter 2,\r\n3,1:02:05,3725.000,3800.000,"The ""end"", nearly",\r\n');
  assert.deepEqual(write(three, 'youtube'), { text: '0:00 Arrival\n1:01 Chapter 2\n1:02:05 The "end", nearly\n', problems: [] });
});

test('YouTube: the first is at 0:00, times ascend, and what it would not take is said', () => {
  const late = [chapter(4.2, 30, 'First <b>'), chapter(30.2, 30.7, 'At once'), chapter(30.7, 80, 'Again'), chapter(80, 84, 'Short')];
  assert.deepEqual(write(late, 'youtube'), { text: '0:00 First ‹b›\n0:30 At once\n1:20 Short\n', problems: ['shorter-than-ten-seconds'] });
  assert.deepEqual(write(three.slice(0, 2), 'youtube').problems, ['fewer-than-three']);
  assert.deepEqual(write([], 'youtube').problems, ['fewer-than-three']);
});

test('a title cannot break out of its line, its field, or its cue, and is no formula', () => {
  const sly = [chapter(0, 20, '=HYPERLINK("http://x")\r\n2,"'), chapter(20, 40, 'a\n\n00:00:01,000 --> 00:00:02,000\nb')];
  assert.match(write(sly, 'csv').text, /^1,0:00,0\.000,20\.000,"'=HYPERLINK\(""http:\/\/x""\) 2,""",\r$/mu);
  assert.equal(write(sly, 'srt').text.match(/-->/gu)?.length, 2);
  assert.equal(write(sly, 'youtube').text.split('\n').length, 3);
});

test('whatever titles are, CSV has the same rows for a reader of RFC 4180, and SRT as many cues', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 8 }), (titles) => {
    const chapters = titles.map((title, index) => chapter(index * 10, index * 10 + 10, title, title));
    const rows = readCsv(write(chapters, 'csv').text);
    assert.equal(rows.length, titles.length + 1);
    assert.ok(rows.every((row) => row.length === 6));
    assert.deepEqual(parseTimedText(write(chapters, 'srt').text).map(({ startSeconds }) => startSeconds), titles.map((_, index) => index * 10));
  }), { numRuns: runs(60) });
});

test('a title out of what a model says', () => {
  for (const said of ['**Title: "A day in town."**', 'A day in town', '\n\n# A day in town\nIt begins …', '"A day in town"', 'Title：A day in\u0007 town']) assert.equal(titleOf(said), 'A day in town');
  assert.equal(titleOf('«  »'), '');
  const long = titleOf('word '.repeat(50));
  assert.ok(long.length <= 80 && long.endsWith('word…'));
  assert.equal(paragraphOf(' One\u202e two.\n\nThree. '), 'One two. Three.');
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (said) => {
    const title = titleOf(said);
    assert.ok([...title].length <= 80 && !/[\p{Cc}\u202a-\u202e]/u.test(title));
  }));
});

test('chapters of a file are in order, whole, and named where it names them', () => {
  assert.deepEqual(fileChapters({ chapters: [{ startSeconds: 10, endSeconds: 20, title: ' Two ' }, { startSeconds: 0, endSeconds: 10 }, { startSeconds: 5, endSeconds: 5, title: 'empty' }, { startSeconds: -3, endSeconds: 1 }] }),
    [chapter(0, 10, ''), chapter(10, 20, 'Two')]);
  assert.deepEqual([fileChapters(null), fileChapters({ container: 'of an earlier version' })], [[], []]);
});

/** A reader of RFC 4180 of its own, letter by letter. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    if (quoted && letter === '"' && text.charAt(index + 1) === '"') { field += '"'; index++; }
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ',') { row.push(field); field = ''; }
    else if (!quoted && letter === '\r' && text.charAt(index + 1) === '\n') { rows.push([...row, field]); row = []; field = ''; index++; }
    else field += letter;
  }
  return rows;
}
