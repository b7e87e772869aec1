import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTimedText, type Cue } from '../../../engine/media/subtitles/timed-text.ts';
import { decodeText } from '../../../engine/media/subtitles/decode-text.ts';
import { findSubtitleNames, isSubtitleName, subtitleNameFor } from '../../../engine/protocol/subtitle-names.ts';
import { fc } from '../../support/properties.ts';

const word = fc.stringMatching(/^[A-Za-zÀ-ÿ!?,.']{1,12}$/u);
const text = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')), { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
const cues = fc.array(fc.tuple(fc.integer({ min: 0, max: 36_000_000 }), fc.integer({ min: 0, max: 10_000 }), text), { maxLength: 12 })
  .map((raw): Cue[] => raw.map(([start, length, each]) => ({ startSeconds: start / 1000, endSeconds: (start + length) / 1000, text: each }))
    .sort((one, other) => one.startSeconds - other.startSeconds));

function stamp(seconds: number, point: ',' | '.', withHours = true): string {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const hours = Math.floor(milliseconds / 3_600_000);
  const rest = `${pad(Math.floor(milliseconds / 60_000) % 60, 2)}:${pad(Math.floor(milliseconds / 1000) % 60, 2)}${point}${pad(milliseconds % 1000, 3)}`;
  return withHours || hours > 0 ? `${pad(hours, 2)}:${rest}` : rest;
}

describe('SubRip and WebVTT', () => {
  test('what is written as SubRip is read back, whatever the line breaks', () => {
    fc.assert(fc.property(cues, fc.constantFrom('\n', '\r\n', '\r'), (expected, lineBreak) => {
      const source = expected.map((cue, index) => `${index + 1}\n${stamp(cue.startSeconds, ',')} --> ${stamp(cue.endSeconds, ',')}\n${cue.text}\n`).join('\n');
      assert.deepEqual(parseTimedText(source.replaceAll('\n', lineBreak)), expected);
    }));
  });

  test('what is written as WebVTT is read back, with settings, notes and styles around it', () => {
    fc.assert(fc.property(cues, fc.boolean(), (expected, withHours) => {
      const blocks = expected.map((cue, index) =>
        `${index % 2 ? `cue ${index}\n` : ''}${stamp(cue.startSeconds, '.', withHours)} --> ${stamp(cue.endSeconds, '.', withHours)} line:0 align:start\n${cue.text}\n\nNOTE nothing to read\nhere\n`);
      assert.deepEqual(parseTimedText(`WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n${blocks.join('\n')}`), expected);
    }));
  });

  test('no text makes the parser throw, and no cue is ever empty or ends before it starts', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('WEBVTT', '1', '', '00:00:01,000 --> 00:00:02,000', '00:05.0 --> 00:01.0', '-->', '<i>', 'x', '{\\an8}')).map((lines) => lines.join('\n'))), (source) => {
      for (const cue of parseTimedText(source)) {
        assert.ok(cue.text.trim() !== '' && cue.endSeconds >= cue.startSeconds);
      }
    }));
  });

  const cases: readonly { name: string; source: string; expected: readonly Cue[] }[] = [
    { name: 'markup is taken off', source: '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>Hello</i> <font color="#fff">you</font>\n', expected: [{ startSeconds: 1, endSeconds: 2, text: 'Hello you' }] },
    { name: 'a smaller-than sign is no markup', source: '1\n00:00:01,000 --> 00:00:02,000\n3 < 5 and 7 > 6\n', expected: [{ startSeconds: 1, endSeconds: 2, text: '3 < 5 and 7 > 6' }] },
    { name: 'WebVTT speaks in references and voices', source: 'WEBVTT\n\n00:01.500 --> 00:02.000\n<v Bob>Tom &amp; <00:01.700><c.loud>Jerry</c>&nbsp;&lt;3', expected: [{ startSeconds: 1.5, endSeconds: 2, text: 'Tom & Jerry <3' }] },
    { name: 'a SubRip cue may contain a blank line', source: '1\n00:00:01,000 --> 00:00:02,000\nOne\n\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nThree', expected: [{ startSeconds: 1, endSeconds: 2, text: 'One\ntwo' }, { startSeconds: 3, endSeconds: 4, text: 'Three' }] },
    { name: 'indices and milliseconds may be missing', source: '\uFEFF0:00:01 --> 0:00:02\nOne\n0:00:03 --> 0:00:04\nTwo', expected: [{ startSeconds: 1, endSeconds: 2, text: 'One' }, { startSeconds: 3, endSeconds: 4, text: 'Two' }] },
    { name: 'cues are sorted, and an end before its start is moved', source: '1\n00:00:09,0 --> 00:00:05,0\nLate\n\n2\n00:00:01,5 --> 00:00:02,0\nEarly', expected: [{ startSeconds: 1.5, endSeconds: 2, text: 'Early' }, { startSeconds: 9, endSeconds: 9, text: 'Late' }] },
    { name: 'three-digit hours', source: '1\n100:00:00,000 --> 100:00:01,000\nLong', expected: [{ startSeconds: 360_000, endSeconds: 360_001, text: 'Long' }] },
  ];
  for (const { name, source, expected } of cases) test(name, () => assert.deepEqual(parseTimedText(source), expected));
});

describe('subtitle files', () => {
  test('an old encoding is recognised', () => {
    const text16 = Buffer.from('\uFEFFgrün', 'utf16le');
    assert.equal(decodeText(text16), 'grün');
    assert.equal(decodeText(Buffer.from(text16).swap16()), 'grün');
    assert.equal(decodeText(Buffer.from('\uFEFFgrün')), 'grün');
    assert.equal(decodeText(Buffer.from('grün', 'latin1')), 'grün');
  });

  test('those of a video are told from those of its neighbours', () => {
    const folder = ['film.mp4', 'film.srt', 'film.en.srt', 'film.pt-BR.forced.VTT', 'film.mp4.ass', 'film.2.srt', 'film2.srt', 'film.English.ssa', 'other.srt', 'film.txt', 'film.sdh.srt'];
    assert.deepEqual(findSubtitleNames('film.mp4', folder), [
      { fileName: 'film.English.ssa', format: 'ass', title: 'English' },
      { fileName: 'film.en.srt', format: 'srt', language: 'en' },
      { fileName: 'film.mp4.ass', format: 'ass' },
      { fileName: 'film.pt-BR.forced.VTT', format: 'vtt', language: 'pt-BR', title: 'forced' },
      { fileName: 'film.sdh.srt', format: 'srt', title: 'sdh' },
      { fileName: 'film.srt', format: 'srt' },
    ]);
  });

  test('they go with their video under another name, and those of another video do not', () => {
    assert.deepEqual(['film.srt', 'film.pt-BR.forced.VTT', 'film.mp4.ass', 'film2.srt', 'film.mp4'].map((name) => subtitleNameFor('film.mp4', name, 'x y.mkv')),
      ['x y.srt', 'x y.pt-BR.forced.VTT', 'x y.ass', undefined, undefined]);
    assert.deepEqual(['a.srt', 'A.SSA', 'a.mp4', '.srt', '.a.srt', 'srt', 'a.constructor'].map(isSubtitleName), [true, true, false, false, false, false, false]);
  });

  test('accents that two systems store differently are the same name', () => {
    assert.equal(findSubtitleNames('caf\u00e9.mkv', ['cafe\u0301.srt']).length, 1);
  });
});
