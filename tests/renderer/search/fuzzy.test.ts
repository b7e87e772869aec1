import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fuzzyMatch } from '../../../renderer/search/fuzzy.ts';
import { fc } from '../../support/properties.ts';

const marked = (query: string, text: string): string | undefined => {
  const match = fuzzyMatch(query, text);
  return match === undefined ? undefined : match.matches.reduceRight((shown, { start, end }) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`, text);
};
/** The texts that match, the best first. */
const ranked = (query: string, texts: readonly string[]): string[] => texts
  .map((text) => ({ text, match: fuzzyMatch(query, text) }))
  .filter(({ match }) => match !== undefined)
  .sort((one, other) => (other.match?.score ?? 0) - (one.match?.score ?? 0))
  .map(({ text }) => text);

suite('a few letters of a name', () => {
  test('words that stand together are marked together, whatever their case and accents', () => {
    assert.equal(marked('vid', 'File: Open video'), 'File: Open [vid]eo');
    assert.equal(marked('CAFE', 'Le café'), 'Le [café]');
    assert.equal(marked('对话', '新对话'), '新[对话]');
  });

  test('letters of beginnings of words are found before letters inside of them', () => {
    assert.equal(marked('ov', 'File: Open video'), 'File: [O]pen [v]ideo');
    assert.equal(marked('nc', 'Conversation: New conversation'), 'Conversation: [N]ew [c]onversation');
  });

  test('letters in another order, or that are not there, are no match', () => {
    assert.equal(marked('vo', 'Over'), undefined);
    assert.equal(marked('xyz', 'Open video'), undefined);
  });

  test('whole words come before scattered letters, and shorter texts before longer ones', () => {
    assert.deepEqual(ranked('exp', ['Each expert', 'Export', 'Example of paper']), ['Export', 'Each expert', 'Example of paper']);
    assert.deepEqual(ranked('mute', ['Mute the sound of the video', 'Mute']), ['Mute', 'Mute the sound of the video']);
  });

  test('an empty query matches everything and marks nothing', () => {
    assert.equal(marked('  ', 'Open video'), 'Open video');
  });

  test('whatever is typed, the places lie in the text, ascend, and spell the query', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 40 }), (query, text) => {
      const match = fuzzyMatch(query, text);
      let end = 0;
      for (const place of match?.matches ?? []) {
        assert.ok(place.start >= end && place.end > place.start && place.end <= text.length, JSON.stringify(match));
        end = place.end;
      }
    }));
  });
});
