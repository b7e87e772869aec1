import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOfRow, railRows, videosBetween, type RailRow } from '../../../renderer/library/rail-rows.ts';
import { listedVideos } from '../../../renderer/store/video-state.ts';
import { fc, runs } from '../../support/properties.ts';
import { card } from './support.ts';

const folders = [{ id: 'a', name: 'Alps' }, { id: 'e', name: 'Empty' }, { id: 's', name: 'Sea' }];
const videos = [card({ id: '1', folderId: 's' }), card({ id: '2' }), card({ id: '3', folderId: 'a' }), card({ id: '4', folderId: 's' })];
const shown = (rows: readonly RailRow[]): string => rows.map((row) => row.kind === 'folder' ? `${row.folder.name}(${row.count})${row.open ? '' : '…'}` : row.key).join(' ');

test('folders come first with what is in them, closed ones keep it to themselves, and the rest follows', () => {
  assert.equal(shown(railRows(videos, { folders, closed: {}, filter: '' })), 'Alps(1) 3 Empty(0) Sea(2) 1 4 loose 2');
  assert.equal(shown(railRows(videos, { folders, closed: { s: 1, a: 1 }, filter: '' })), 'Alps(1)… Empty(0) Sea(2)… loose 2');
  assert.equal(shown(railRows(videos, { folders: [], closed: {}, filter: '' })), '1 2 3 4', 'without folders there is nothing but cards');
  assert.equal(shown(railRows(videos.filter(({ folderId }) => folderId !== null), { folders, closed: {}, filter: '' })), 'Alps(1) 3 Empty(0) Sea(2) 1 4');
});

test('a filter opens the folders in which it finds something and leaves out the others; the name of a folder counts, too', () => {
  const found = (filter: string): string => shown(railRows(listedVideos(videos.map((video) => ({ ...video, title: `take ${video.id}` })), filter, {}, folders), { folders, closed: { s: 1 }, filter }));
  assert.equal(found('take 4'), 'Sea(1) 4');
  assert.equal(found('sea'), 'Sea(2) 1 4');
  assert.equal(found('sea 1'), 'Sea(1) 1');
  assert.equal(found('none'), '');
});

test('a choice with Shift takes the videos between, whichever end it begins at, and no headings', () => {
  const rows = railRows(videos, { folders, closed: {}, filter: '' });
  assert.deepEqual(videosBetween(rows, '3', '4'), ['3', '1', '4']);
  assert.deepEqual(videosBetween(rows, '2', '1'), ['1', '4', '2']);
  assert.deepEqual(videosBetween(rows, 'gone', '4'), ['4']);
  assert.deepEqual(rows.map(folderOfRow), ['a', 'a', 'e', 's', 's', 's', null, null]);
});

test('every video is in the rail once, whatever is in which folder', () => {
  const library = fc.array(fc.constantFrom('a', 'e', 's', 'removed', null), { maxLength: 30 });
  fc.assert(fc.property(library, (places) => {
    const some = places.map((folderId, index) => card({ id: String(index), folderId }));
    const rows = railRows(some, { folders, closed: {}, filter: '' });
    assert.deepEqual(rows.flatMap((row) => row.kind === 'video' ? [row.key] : []).toSorted(), some.map(({ id }) => id).toSorted());
    assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  }), { numRuns: runs(100) });
});
