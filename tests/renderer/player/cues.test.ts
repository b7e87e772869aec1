import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { wordsAt } from '../../../renderer/player/cues.ts';
import { neighbouringFrame } from '../../../renderer/store/player-slice.ts';

const cue = (startSeconds: number, endSeconds: number, text: string): { startSeconds: number; endSeconds: number; text: string } => ({ startSeconds, endSeconds, text });
const cues = [cue(1, 3, 'Good morning.'), cue(2, 5, 'It rains.'), cue(5, 6, 'Still.')];

suite('subtitles over the picture', () => {
  test('what is said at a moment, in the order in which it was begun', () => {
    assert.equal(wordsAt(cues, 1), 'Good morning.');
    assert.equal(wordsAt(cues, 2.5), 'Good morning.\nIt rains.');
    assert.equal(wordsAt(cues, 4), 'It rains.');
  });

  test('a cue ends where it ends, and the next begins there', () => {
    assert.equal(wordsAt(cues, 5), 'Still.');
    assert.equal(wordsAt(cues, 6), '');
    assert.equal(wordsAt(cues, 0.5), '');
    assert.equal(wordsAt([], 1), '');
  });
});

suite('steps of a single picture', () => {
  test('they land in the middle of the neighbour, from wherever in a picture they begin', () => {
    for (const seconds of [2, 2.01, 2.039]) assert.equal(neighbouringFrame(seconds, 25, 1), (51 + 0.5) / 25);
    assert.equal(neighbouringFrame(2.03, 25, -1), (49 + 0.5) / 25);
  });

  test('before the first picture there is none', () => { assert.equal(neighbouringFrame(0.01, 25, -1), 0); });
});
