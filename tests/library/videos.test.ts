import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newChat, newLibrary } from './support/sample-library.ts';

test('a moved file is the same video, and one path leads to one video', (t) => {
  const { videos } = newLibrary(t);
  const first = videos.upsert({ fingerprint: 'a', title: 'a.mp4', path: '/old/a.mp4', durationSeconds: 60, probe: { codec: 'h264' } });
  videos.rename(first.id, 'My holiday');
  const moved = videos.upsert({ fingerprint: 'a', title: 'b.mp4', path: '/new/b.mp4' });
  assert.deepEqual(moved, { ...first, title: 'My holiday', paths: ['/new/b.mp4', '/old/a.mp4'] });
  const other = videos.upsert({ fingerprint: 'b', title: 'b.mp4', path: '/old/a.mp4' });
  assert.equal(videos.findByPath('/old/a.mp4')?.id, other.id);
  assert.deepEqual(videos.get(first.id).paths, ['/new/b.mp4']);
  videos.forgetPath('/new/b.mp4');
  assert.deepEqual([videos.get(first.id).paths, videos.findByPath('/new/b.mp4')], [[], undefined]);
});

test('paths with quotes, newlines, emoji and leading dashes come back as they were', (t) => {
  const { videos } = newLibrary(t);
  const paths = ['/a "quoted" \'video\'.mp4', '/line\nbreak.mp4', '/🎈.mp4', '-rf', '/ends with space '];
  for (const [index, path] of paths.entries()) {
    videos.upsert({ fingerprint: String(index), title: path, path });
    assert.deepEqual([videos.findByPath(path)?.title, videos.findByPath(path)?.paths], [path, [path]]);
  }
});

test('a video that was removed comes back by restoring it, or by adding it again', (t) => {
  const library = newLibrary(t);
  const { video, conversation } = newChat(library);
  library.videos.remove(video.id);
  assert.deepEqual([library.videos.list().length, library.videos.list({ removed: true }).length], [0, 1]);
  assert.equal(library.videos.restore(video.id).removedAtMs, null);
  library.videos.remove(video.id);
  assert.equal(library.videos.upsert({ fingerprint: video.fingerprint, title: 'again' }).id, video.id);
  assert.equal(library.conversations.get(conversation.id).videoId, video.id);
});

test('a purge takes what belongs to the video, and says which folders are left to delete', (t) => {
  const library = newLibrary(t);
  const { video, conversation, say } = newChat(library);
  const message = say('user', 'Where?');
  const kept = newChat(library, 'Another video');
  library.memories.ensure({ videoId: video.id, encoderFingerprint: 'e', encoderName: 'siglip', mode: 'exact' }, () => 'folder-of-the-memory');
  library.jobs.add({ kind: 'encode', videoId: video.id });
  assert.deepEqual(library.videos.purge({ id: video.id }), [], 'a video that is not removed stays');
  library.videos.remove(video.id);
  assert.deepEqual(library.videos.purge({ removedBeforeMs: 0 }), []);
  assert.deepEqual(library.videos.purge({ id: video.id }), ['folder-of-the-memory']);
  assert.throws(() => library.videos.get(video.id), { code: 'not-found' });
  assert.throws(() => library.conversations.get(conversation.id), { code: 'not-found' });
  assert.throws(() => library.messages.get(message.id), { code: 'not-found' });
  assert.deepEqual([library.jobs.list(), library.memories.list(), library.search('Where?')], [[], [], []]);
  assert.deepEqual(library.videos.list().map(({ id }) => id), [kept.video.id]);
});

test('a memory is one a video, encoder and mode', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  const key = { videoId: video.id, encoderFingerprint: 'e', encoderName: 'siglip', mode: 'exact' as const };
  const memory = library.memories.ensure(key, (id) => `memories/${id}`);
  assert.equal(memory.directory, `memories/${memory.id}`);
  assert.equal(library.memories.ensure(key).id, memory.id);
  assert.notEqual(library.memories.ensure({ ...key, mode: 'fast' }).id, memory.id);
  library.memories.update(memory.id, { state: 'complete', frameCount: 3600, byteLength: 12_345 });
  assert.deepEqual(library.memories.find(key), { ...memory, state: 'complete', frameCount: 3600, byteLength: 12_345 });
  library.memories.remove(memory.id);
  assert.equal(library.memories.find(key), undefined);
  assert.throws(() => { library.memories.update(memory.id, { frameCount: 1 }); }, { code: 'not-found' });
});
