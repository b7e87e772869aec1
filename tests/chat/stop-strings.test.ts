import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createStopFilter } from '../../engine/chat/stop-strings.ts';
import { fc } from '../support/properties.ts';

function filter(pieces: readonly string[], stops: readonly string[]): { readonly said: string; readonly stopped: boolean } {
  const stream = createStopFilter(stops);
  const said = pieces.map((piece) => stream.push(piece)).join('') + stream.flush();
  return { said, stopped: stream.stopped };
}

suite('text up to a string', () => {
  test('ends before the first that comes, also where it lies across pieces', () => {
    assert.deepEqual(filter(['At 0:0', '7. The', ' end'], ['. T', 'end']), { said: 'At 0:07', stopped: true });
    assert.deepEqual(filter(['no', ' such'], ['suck']), { said: 'no such', stopped: false });
    assert.deepEqual(filter(['anything'], ['']), { said: 'anything', stopped: false });
  });

  test('is said as soon as nothing of it can belong to the string', () => {
    const stream = createStopFilter(['\n\n']);
    assert.deepEqual([stream.push('one\n'), stream.push('two'), stream.push('\n'), stream.push('\nthree')], ['one', '\ntwo', '', '']);
  });

  test('is the same however it is cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(fc.property(fc.array(letters, { maxLength: 6 }), fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), { maxLength: 3 }), (pieces, stops) => {
      const text = pieces.join('');
      assert.deepEqual(filter(pieces, stops), filter([text], stops));
      assert.deepEqual(filter([...text], stops), filter([text], stops));
      const { said, stopped } = filter([text], stops);
      assert.equal(stopped, stops.some((stop) => text.includes(stop)));
      assert.ok(text.startsWith(said) && stops.every((stop) => !said.includes(stop)));
    }));
  });
});
