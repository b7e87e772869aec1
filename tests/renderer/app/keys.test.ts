import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keysOf } from '../../../renderer/actions/action.ts';
import { acceleratorOf, describeKeys, pressedKeys, type KeyPress } from '../../../renderer/format/keys.ts';
import { formatDuration, formatLeft } from '../../../renderer/format/time.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

suite('shortcuts', () => {
  test('a press is named by what it types, its modifiers in a fixed order', () => {
    assert.equal(pressedKeys(press('k', { ctrlKey: true }), false), 'Mod+K');
    assert.equal(pressedKeys(press('ArrowLeft', { shiftKey: true, altKey: true }), false), 'Alt+Shift+ArrowLeft');
    assert.equal(pressedKeys(press(' '), false), 'Space');
    assert.equal(pressedKeys(press('Shift', { shiftKey: true }), false), undefined);
  });

  test('a sign that wants Shift on this keyboard is the sign alone', () => {
    assert.equal(pressedKeys(press('?', { shiftKey: true }), false), '?');
    assert.equal(pressedKeys(press('N', { shiftKey: true, ctrlKey: true }), false), 'Mod+Shift+N');
  });

  test('on a Mac, Command is what Control is elsewhere', () => {
    assert.equal(pressedKeys(press('k', { metaKey: true }), true), 'Mod+K');
    assert.equal(pressedKeys(press('k', { ctrlKey: true }), true), 'Control+K');
  });

  test('they stand in menus as the system writes them', () => {
    assert.equal(describeKeys('Mod+Shift+N', false), 'Ctrl+Shift+N');
    assert.equal(describeKeys('Mod+Shift+N', true), '⌘⇧N');
    assert.equal(describeKeys('Mod++', false), 'Ctrl++');
    assert.equal(acceleratorOf('Shift+ArrowLeft'), 'Shift+Left');
    assert.equal(acceleratorOf('+'), 'Plus');
  });

  test('what a person bound goes before what the action has; null is no key at all', () => {
    const action = { id: 'a.b', menu: 'file', keys: 'Mod+O', perform: () => undefined } as const;
    assert.deepEqual([keysOf(action, {}), keysOf(action, { 'a.b': 'F2' }), keysOf(action, { 'a.b': null })], ['Mod+O', 'F2', undefined]);
  });
});

suite('times that are read while they change', () => {
  test('a length has at most its two largest units', () => {
    assert.deepEqual([0, 59.6, 125, 3600, 7384].map((seconds) => formatDuration(seconds, 'en')), ['0 sec', '1 min', '2 min 5 sec', '1 hr', '2 hr 3 min']);
  });

  test('what is left is said in steps', () => {
    assert.deepEqual([0.2, 12, 58, 91, 600, 4000].map((seconds) => formatLeft(seconds, 'en')), ['5 sec', '15 sec', '1 min', '2 min', '10 min', '1 hr 10 min']);
    const said = new Set(Array.from({ length: 600 }, (_, seconds) => formatLeft(seconds, 'en')));
    assert.ok(said.size < 30, `${said.size}`);
  });
});
