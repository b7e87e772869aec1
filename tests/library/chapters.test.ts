import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newChat, newLibrary } from './support/sample-library.ts';

const cuts = [{ startSeconds: 0, endSeconds: 40, clipStartSeconds: [0, 20] }, { startSeconds: 40, endSeconds: 61.5, clipStartSeconds: [40] }];

test('chapters are kept one by one as they are told, and are shown when the last is', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  const { id } = library.chapters.begin(video.id, 'demo', cuts);
  library.chapters.tell(id, 0, { title: 'Arrival', text: 'They arrive.' });
  assert.equal(library.chapters.find(video.id, 'complete'), undefined);
  assert.deepEqual(library.chapters.find(video.id, 'making')?.chapters.map(({ title, clipStartSeconds }) => [title, clipStartSeconds]), [['Arrival', [0, 20]], [null, [40]]]);
  library.chapters.tell(id, 1, { title: '', text: '' });
  library.chapters.complete(id, 'A visit.');
  assert.equal(library.chapters.find(video.id, 'making'), undefined);
  const { summary, model, chapters = [] } = library.chapters.find(video.id, 'complete') ?? {};
  assert.deepEqual([summary, model, chapters.map(({ title }) => title), chapters[1]?.endSeconds], ['A visit.', 'demo', ['Arrival', ''], 61.5]);
});

test('what is made again stands in the place of what was there, and only when it is complete', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  const first = library.chapters.begin(video.id, 'demo', cuts);
  library.chapters.complete(first.id, 'first');
  library.chapters.begin(video.id, 'demo', cuts);
  const again = library.chapters.begin(video.id, 'another', cuts.slice(1));
  assert.equal(library.chapters.find(video.id, 'complete')?.summary, 'first');
  library.chapters.complete(again.id, 'second');
  assert.deepEqual([library.chapters.find(video.id, 'complete')?.summary, library.chapters.find(video.id, 'complete')?.model], ['second', 'another']);
  assert.throws(() => { library.chapters.tell(first.id, 0, { title: 'late', text: '' }); }, { code: 'not-found' });
});

test('a title can be changed, and removed chapters come back with it', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  assert.throws(() => { library.chapters.rename(video.id, 0, 'Nothing there'); }, { code: 'not-found' });
  library.chapters.complete(library.chapters.begin(video.id, 'demo', cuts).id, '');
  library.chapters.rename(video.id, 1, 'Departure');
  assert.throws(() => { library.chapters.rename(video.id, 2, 'Beyond'); }, { code: 'not-found' });
  library.chapters.remove(video.id);
  assert.equal(library.chapters.find(video.id, 'complete'), undefined);
  library.chapters.restore(video.id);
  assert.equal(library.chapters.find(video.id, 'complete')?.chapters[1]?.title, 'Departure');
  library.chapters.remove(video.id);
  library.chapters.complete(library.chapters.begin(video.id, 'demo', cuts).id, 'newer');
  library.chapters.restore(video.id);
  assert.equal(library.chapters.find(video.id, 'complete')?.summary, 'newer', 'what is there is not replaced');
});

test('chapters go with their video', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  library.chapters.begin(video.id, 'demo', cuts);
  library.videos.remove(video.id);
  library.videos.purge({ id: video.id });
  assert.equal(library.chapters.find(video.id, 'making'), undefined);
});
