import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Library } from '../../engine/library/index.ts';
import { fc, runs } from '../support/properties.ts';
import { newLibrary } from './support/sample-library.ts';

const addVideos = (library: Library, ...titles: readonly string[]): string[] =>
  titles.map((title) => library.videos.upsert({ fingerprint: `v1-1-${title}`, title }).id);
const namesOf = (library: Library): string[] => library.folders.list().map(({ name }) => name);

test('folders stand by name, numbers in them as numbers, and no two are called the same', (t) => {
  const library = newLibrary(t);
  for (const name of ['Take 10', 'zoo', 'Take 9', 'Ärger']) library.folders.create(name);
  assert.deepEqual(namesOf(library), ['Ärger', 'Take 9', 'Take 10', 'zoo']);
  assert.equal(library.folders.create('ZOO').name, 'ZOO 2');
  const nine = library.folders.findByName('take 9');
  assert.ok(nine !== undefined);
  assert.throws(() => library.folders.rename(nine.id, 'Zoo'), { code: 'bad-argument', message: /called "zoo" already/u });
  assert.equal(library.folders.rename(nine.id, 'TAKE 9').name, 'TAKE 9');
  assert.throws(() => library.folders.rename('none', 'x'), { code: 'not-found' });
});

test('a video is in one folder or in none; a removed folder leaves its videos and takes them back', (t) => {
  const library = newLibrary(t);
  const [one = '', two = '', three = ''] = addVideos(library, 'one', 'two', 'three');
  const [sea, hill] = [library.folders.create('Sea').id, library.folders.create('Hill').id];
  library.folders.put([one, two], sea);
  library.folders.put([two], hill);
  const where = (): (string | null)[] => [one, two, three].map((id) => library.videos.get(id).folderId);
  assert.deepEqual(where(), [sea, hill, null]);
  library.folders.remove(sea);
  assert.deepEqual([where(), namesOf(library)], [[null, hill, null], ['Hill']]);
  assert.throws(() => { library.folders.put([three], sea); }, { code: 'not-found' });
  library.folders.restore(sea);
  assert.deepEqual(where(), [sea, hill, null]);
  library.folders.put([one, two, three], null);
  assert.deepEqual(where(), [null, null, null]);
  assert.throws(() => { library.folders.put([one, 'none'], hill); }, { code: 'not-found' });
  assert.deepEqual(where(), [null, null, null], 'all or nothing');
  library.folders.put([one], hill);
  library.folders.remove(hill);
  library.folders.purge();
  assert.throws(() => library.folders.restore(hill), { code: 'not-found' });
  library.videos.remove(one);
  library.videos.purge({ id: one });
  assert.equal(library.videos.list().length, 2);
});

test('whatever is moved where, every video is where it was put last', (t) => {
  const library = newLibrary(t);
  const videos = addVideos(library, ...Array.from({ length: 5 }, (_, index) => `film ${index}`));
  const folders = ['a', 'b', 'c'].map((name) => library.folders.create(name).id);
  const move = fc.record({ which: fc.uniqueArray(fc.nat(4), { minLength: 1 }), to: fc.option(fc.nat(2)) });
  const expected = new Map<string, string | null>(videos.map((id) => [id, null]));
  fc.assert(fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
    for (const { which, to } of moves) {
      const [ids, folderId] = [which.map((index) => videos[index] ?? ''), to === null ? null : folders[to] ?? null];
      library.folders.put(ids, folderId);
      for (const id of ids) expected.set(id, folderId);
    }
    for (const [id, folderId] of expected) assert.equal(library.videos.get(id).folderId, folderId);
  }), { numRuns: runs(25) });
});

test('folders are found by parts of their names until they are removed', (t) => {
  const library = newLibrary(t);
  const { id } = library.folders.create('Holidays in 杭州');
  const found = (query: string): unknown[] => library.search(query).map(({ kind, folderId, videoId, title }) => [kind, folderId, videoId, title]);
  assert.deepEqual(found('holi'), [['folder', id, null, 'Holidays in 杭州']]);
  assert.deepEqual(found('杭州').length, 1);
  library.folders.rename(id, 'Work');
  assert.deepEqual([found('holi').length, found('work').length], [0, 1]);
  library.folders.remove(id);
  assert.deepEqual(found('work'), []);
});
