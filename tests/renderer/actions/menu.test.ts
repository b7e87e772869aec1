import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { entriesOf, menuNames, menuOf, type MenuParts } from '../../../renderer/actions/menu.ts';
import { menuLayout } from '../../../renderer/actions/menu-layout.ts';
import { actions } from '../../../renderer/actions/table.ts';
import type { AppState } from '../../../renderer/store/app-store.ts';

/** A menu as lines: what it is called, indented by how deep it is. */
type Line = { readonly depth: number; readonly id: string | null };
const parts: MenuParts<readonly Line[]> = {
  separator: [{ depth: 0, id: null }],
  action: ({ id }) => [{ depth: 0, id }],
  submenu: (_, entries) => entries.flat().map(({ depth, id }) => ({ depth: depth + 1, id })),
};
const linesOf = (menu: (typeof menuNames)[number]): readonly Line[] => entriesOf(menuLayout[menu], (key) => key, parts).flat();

suite('the menu', () => {
  test('every action stands in its own menu, once', () => {
    for (const menu of menuNames) {
      const shown = linesOf(menu).flatMap(({ id }) => id ?? []);
      assert.deepEqual(shown.toSorted(), actions.filter((action) => action.menu === menu).map(({ id }) => id).toSorted(), menu);
    }
  });

  test('no menu is longer than ten entries, no group than six, and nothing lies deeper than one menu in another', () => {
    for (const menu of menuNames) {
      const entries = entriesOf<{ readonly group: number } | 'line'>(menuLayout[menu], (key) => key, {
        separator: 'line', action: () => ({ group: 1 }),
        submenu(label, inner) {
          assert.ok(inner.filter((entry) => entry !== 'line').length <= 10, label);
          return { group: 1 };
        },
      });
      assert.ok(entries.filter((entry) => entry !== 'line').length <= 10, menu);
      let group = 0;
      for (const entry of entries) {
        group = entry === 'line' ? 0 : group + entry.group;
        assert.ok(group <= 6, `${menu}: ${group} entries without a line`);
      }
      assert.ok(linesOf(menu).every(({ depth }) => depth <= 1), menu);
      assert.ok(!entries.some((entry, index) => entry === 'line' && (index === 0 || index === entries.length - 1 || entries[index - 1] === 'line')), `${menu}: lines divide`);
    }
  });

  test('Electron\'s has the same places, with the keys and states of the table', () => {
    const state = { bindings: {}, jobs: [], videos: [], markedVideoIds: [], messages: [], subtitleTracks: [], undoables: [], selectedVideoId: 'film', theme: 'dark' } as unknown as AppState;
    const [playback] = menuOf(state, (key) => key, 'linux').filter((item) => item.kind === 'submenu' && item.label === 'app.menu.playback');
    assert.ok(playback?.kind === 'submenu');
    assert.deepEqual(playback.items.map((item) => item.kind === 'submenu' ? item.label : item.kind === 'action' ? item.id : '-'), [
      'playback.toggle', 'app.menu.jump', 'app.menu.chapters', 'app.menu.speed', '-', 'playback.mute', 'playback.subtitles', '-', 'app.menu.timeline', 'app.menu.range', '-', 'playback.fullscreen', 'playback.pictureInPicture',
    ]);
    const [jump] = playback.items.filter((item) => item.kind === 'submenu');
    assert.deepEqual(jump?.items[0], { kind: 'action', id: 'playback.back', label: 'actions.playback.back', enabled: true, accelerator: 'Left' });
  });

  test('the key of undoing is the system\'s in Electron\'s menu, for texts: no action shows it there, and one that was bound anew shows its own', () => {
    const edit = (bindings: AppState['bindings']): readonly unknown[] => {
      const state = { bindings, jobs: [], videos: [], markedVideoIds: [], messages: [], subtitleTracks: [], undoables: [{}], theme: 'dark' } as unknown as AppState;
      const [found] = menuOf(state, (key) => key, 'darwin').filter((item) => item.kind === 'submenu' && item.label === 'app.menu.edit');
      assert.ok(found?.kind === 'submenu');
      return found.items.slice(0, 3);
    };
    const own = { kind: 'action', id: 'edit.undo', label: 'actions.edit.undo', enabled: true };
    assert.deepEqual(edit({}), [own, { kind: 'separator' }, { kind: 'role', role: 'undo' }]);
    assert.deepEqual(edit({ 'edit.undo': 'F8' })[0], { ...own, accelerator: 'F8' });
  });
});
