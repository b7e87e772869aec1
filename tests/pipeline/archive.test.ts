import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { openLibrary } from '../../engine/library/index.ts';
import { exportMemory, MemoryWriter, openMemory } from '../../engine/memory/index.ts';
import { importArchive } from '../../engine/pipeline/archive.ts';
import { openHome } from '../../engine/pipeline/home.ts';
import { sampleVideoFile, videoTitle } from '../../engine/pipeline/pebble-town.ts';
import { fingerprintVideo } from '../../engine/media/index.ts';
import { sampleFrames, sampleHeader, writeSample } from '../memory/support/sample-memory.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('import');
const archive = path.join(scratch, 'plain.longtake');
const damaged = path.join(scratch, 'damaged.longtake');
const withChats = path.join(scratch, 'chats.longtake');
const chat = { id: 'chat', title: 'The cat', activeLeafId: 'a', createdAtMs: 0, updatedAtMs: 1, messages: [
  { id: 'q', parentId: null, role: 'user', content: 'Where?', createdAtMs: 0 }, { id: 'a', parentId: 'q', role: 'assistant', content: 'There.', createdAtMs: 1 },
] };

before(async () => {
  const memory = await writeSample(path.join(scratch, 'memory'), 40);
  await exportMemory(memory, archive);
  await exportMemory(memory, withChats, { conversations: [chat] });
  const bytes = readFileSync(archive);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(damaged, bytes);
});

/** A home of its own, where nothing but the memory of the sample can be. */
function freshHome(name: string): ReturnType<typeof openHome> {
  process.env['LONGTAKE_HOME'] = path.join(scratch, name);
  return openHome();
}

/** A library in which the sample's memory was begun. */
async function beginMemory(home: ReturnType<typeof openHome>): Promise<string> {
  using library = openLibrary(home.libraryFile);
  const video = library.videos.upsert({ fingerprint: sampleHeader.video.fingerprint, title: 'begun' });
  const entry = library.memories.ensure({
    videoId: video.id, encoderFingerprint: sampleHeader.encoder.fingerprint, encoderName: sampleHeader.encoder.name, mode: sampleHeader.mode,
  });
  const directory = path.join(home.memoriesDirectory, entry.directory);
  await using writer = await MemoryWriter.create(directory, sampleHeader);
  await writer.append(sampleFrames(0, 32));
  return directory;
}

suite('the film of an imported memory', () => {
  test('is called as its file was, and is missing until it is found', async () => {
    const home = freshHome('stranger');
    assert.equal((await importArchive(archive)).title, sampleHeader.video.fileName);
    using library = openLibrary(home.libraryFile);
    assert.deepEqual(library.videos.list().map(({ title, paths }) => [title, paths]), [[sampleHeader.video.fileName, []]]);
  });

  test('is there, with its name, where it is the sample that lies with Longtake', async () => {
    const home = freshHome('bundled');
    const directory = path.join(scratch, 'memory of the bundled film');
    const file = path.join(scratch, 'bundled.longtake');
    const writer = await MemoryWriter.create(directory, { ...sampleHeader, video: { fingerprint: await fingerprintVideo(sampleVideoFile), fileName: 'copy.mp4', durationSeconds: 3600 } });
    await writer.append(sampleFrames(0, 8));
    await writer.finish({ durationSeconds: 3600 });
    await exportMemory(directory, file);
    assert.deepEqual(await importArchive(file).then(({ title, askAs }) => [title, askAs]), [videoTitle(sampleVideoFile), sampleVideoFile]);
    using library = openLibrary(home.libraryFile);
    const [video] = library.videos.list();
    assert.deepEqual([video?.title, video?.paths], [videoTitle(sampleVideoFile), [sampleVideoFile]]);
    assert.notEqual(video?.probe, null);
    // A name that somebody gave it stays.
    library.videos.rename(video?.id ?? '', 'My town');
    assert.equal((await importArchive(file)).title, 'My town');
  });
});

suite('importing where a memory of the video is', () => {
  test('a damaged archive costs nothing of a memory that was begun', async () => {
    const directory = await beginMemory(freshHome('begun'));
    await assert.rejects(importArchive(damaged), { code: 'memory-invalid' });
    assert.equal((await openMemory(directory, { verify: true })).frameCount, 32);
  });

  test('a whole archive takes the place of a memory that was begun', async () => {
    const home = freshHome('replaced');
    await beginMemory(home);
    assert.equal((await importArchive(archive)).alreadyThere, false);
    using library = openLibrary(home.libraryFile);
    const [entry, ...others] = library.memories.list(library.videos.list()[0]?.id ?? '');
    assert.deepEqual([entry?.state, entry?.frameCount, others], ['complete', 40, []]);
    assert.deepEqual(readdirSync(home.memoriesDirectory), [entry?.directory]);
  });

  test('a memory that is being written refuses, and goes on', async () => {
    const home = freshHome('busy');
    await using writer = await MemoryWriter.resume(await beginMemory(home));
    await assert.rejects(importArchive(archive), { code: 'library-busy' });
    await writer.append(sampleFrames(32, 40));
    assert.equal(readdirSync(home.memoriesDirectory).length, 1);
  });

  test('a memory that is damaged here is restored', async () => {
    const home = freshHome('restored');
    await importArchive(archive);
    const [folder = ''] = readdirSync(home.memoriesDirectory);
    const file = path.join(home.memoriesDirectory, folder, 'features-000000.safetensors');
    writeFileSync(file, readFileSync(file).fill(1, 1000, 1004));
    assert.equal((await importArchive(archive)).alreadyThere, false);
    const [restored = '', ...others] = readdirSync(home.memoriesDirectory);
    assert.equal((await openMemory(path.join(home.memoriesDirectory, restored), { verify: true })).frameCount, 40);
    assert.deepEqual(others, []);
    assert.equal((await importArchive(archive)).alreadyThere, true);
  });

  test('a damaged archive is refused, although its memory is there and whole', async () => {
    const home = freshHome('both');
    await importArchive(archive);
    const directories = readdirSync(home.memoriesDirectory);
    await assert.rejects(importArchive(damaged), { code: 'memory-invalid' });
    assert.deepEqual(readdirSync(home.memoriesDirectory), directories);
  });

  test('conversations that come with a memory that is there are taken, once', async () => {
    const home = freshHome('chats');
    await importArchive(archive);
    for (let time = 0; time < 2; time++) assert.equal((await importArchive(withChats)).alreadyThere, true);
    using library = openLibrary(home.libraryFile);
    assert.deepEqual(library.conversations.list().map(({ title }) => title), ['The cat']);
  });
});
