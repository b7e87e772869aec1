import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { fitPrompt } from '../../engine/chat/budget.ts';
import { listSubtitles } from '../../engine/chat/subtitles.ts';
import { readTokenizer } from '../../engine/chat/tokenizer.ts';
import { fc, runs } from '../support/properties.ts';

const tokenizer = readTokenizer(path.join(import.meta.dirname, '../fixtures/hour-llava-golden/tokenizer.json'));
const cue = (startSeconds: number, endSeconds: number, text: string) => ({ startSeconds, endSeconds, text });
const seconds = (count: number) => Float64Array.from({ length: count }, (_, index) => index);

suite('subtitles for the model', () => {
  test('lines that a frame shows stand in the order of their time, each once and on one line; others are left out', () => {
    const cues = [cue(5, 9, 'Second\n line. '), cue(0.5, 2.5, 'First.'), cue(3.1, 3.9, 'Between two frames.'), cue(9, 10, '  '), cue(40, 42, 'Behind the last frame.')];
    assert.deepEqual(listSubtitles(cues, seconds(20), 1000, tokenizer), { text: 'This video\'s subtitles are listed below:\nFirst.\nSecond line.\n', lines: 2, of: 2 });
    assert.deepEqual(listSubtitles([], seconds(20), 1000, tokenizer), { text: '', lines: 0, of: 0 });
  });

  test('however little room there is, whole lines fill no more of it, and more room has no fewer lines', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 500 }), (count, room, more) => {
      const cues = Array.from({ length: count }, (_, index) => cue(2 * index, 2 * index + 1.5, `Somebody says number ${index}.`));
      const listed = listSubtitles(cues, seconds(2 * count), room, tokenizer);
      assert.ok(tokenizer.encodePlain(listed.text).length <= room || listed.text === '');
      assert.equal(listed.text.split('\n').filter((line) => line.startsWith('Somebody says number ')).length, listed.lines);
      assert.equal(listed.of, count);
      assert.ok(listSubtitles(cues, seconds(2 * count), room + more, tokenizer).lines >= listed.lines);
    }), { numRuns: runs(30) });
  });

  test('they stand between the time instruction and the first question, in later turns as well, and leave half of the room to the conversation', () => {
    const cues = Array.from({ length: 300 }, (_, index) => cue(index, index + 1, `Line ${index} of what is said.`));
    const video = { durationSeconds: 300, frameCount: 300 };
    const budget = { maxSequenceTokens: 6200, videoTokens: 100, answerTokens: 100 };
    const turns = [{ role: 'user', content: 'Who speaks?' }, { role: 'assistant', content: 'A man.' }, { role: 'user', content: 'And then?' }] as const;
    const spoken = { cues, framePtsSeconds: seconds(300) };
    const fitted = fitPrompt(turns, video, budget, tokenizer, spoken);
    const text = tokenizer.decode([...fitted.inputIds].filter((id) => id >= 0));
    assert.match(text, /questions related to this video\.\nThis video's subtitles are listed below:\nLine 0 of [^]*said\.\nWho speaks\?/u);
    assert.equal(text.split('subtitles are listed').length, 2);
    assert.ok(fitted.subtitles !== undefined && fitted.subtitles.lines < 300 && fitted.subtitles.lines > 70 && fitted.subtitles.of === 300);
    const without = fitPrompt(turns, video, budget, tokenizer);
    assert.ok(fitted.textTokens - without.textTokens <= 3000);
    assert.equal(without.subtitles, undefined);
    assert.equal(fitted.droppedTurns, 0);
  });
});
