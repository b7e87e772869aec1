import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Action } from '../../../renderer/actions/action.ts';
import { boundKeys, filterActions, isBindable, isRebound, noKeys, ownerOf } from '../../../renderer/settings/rebinding.ts';

const action = (id: string, keys?: string): Action => ({ id, menu: 'view', ...(keys !== undefined && { keys }), perform: () => undefined });
const rail = action('view.rail', 'Mod+B');
const search = action('view.search', 'Mod+F');
const theme = action('view.theme');
const actions = [rail, search, theme];

suite('keys of actions', () => {
  test('Escape, Tab and the keys of editing text cannot be taken, whatever is held with the first two', () => {
    for (const keys of ['Escape', 'Shift+Escape', 'Tab', 'Shift+Tab', 'Mod+Tab', 'Enter', 'Mod+C', 'Mod+V', 'Mod+Z', 'Mod+Shift+Z']) assert.equal(isBindable(keys, theme), false, keys);
    for (const keys of ['Mod+B', 'Space', 'M', '?', 'Mod++', 'Shift+Enter', 'Mod+Shift+C']) assert.equal(isBindable(keys, theme), true, keys);
  });

  test('an action gets back the keys that it has itself', () => {
    assert.equal(isBindable('Mod+Z', action('edit.undo', 'Mod+Z')), true);
  });

  test('who has keys is told by what is bound now, and nobody is in the way of himself', () => {
    assert.equal(ownerOf('Mod+B', 'view.search', actions, {}), rail);
    assert.equal(ownerOf('Mod+B', 'view.rail', actions, {}), undefined);
    assert.equal(ownerOf('Mod+B', 'view.search', actions, { 'view.rail': null }), undefined);
    assert.equal(ownerOf('Mod+J', 'view.search', actions, { 'view.theme': 'Mod+J' }), theme);
  });

  test('an action that gets its own keys back is as if it had never been changed', () => {
    assert.equal(boundKeys(rail, 'Mod+B'), undefined);
    assert.equal(boundKeys(rail, 'Mod+J'), 'Mod+J');
    assert.deepEqual([noKeys(rail), noKeys(theme)], [null, undefined]);
    assert.deepEqual([isRebound(rail, {}), isRebound(rail, { 'view.rail': null }), isRebound(theme, {})], [false, true, false]);
  });

  test('a search wants every word, in any order and case', () => {
    const textOf = ({ id, keys }: Action): string => `${id} ${keys ?? ''}`;
    assert.deepEqual(filterActions(actions, 'MOD+f view', textOf), [search]);
    assert.deepEqual(filterActions(actions, ' ', textOf), actions);
    assert.deepEqual(filterActions(actions, 'rail search', textOf), []);
  });
});
