import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { framesPerChunk, MemoryWriter, openMemory } from '../../engine/memory/index.ts';
import { folderHash, sampleFrames, sampleHeader, samplePts, sampleSubtitles, temporaryFolder, writeSample } from './support/sample-memory.ts';
import { fc, runs } from '../support/properties.ts';

test('the bytes of a memory do not depend on how many frames an append brings', async (t) => {
  const folder = temporaryFolder(t);
  const frameCount = 2 * framesPerChunk + 7;
  const expected = folderHash(await writeSample(path.join(folder, 'at-once'), frameCount, frameCount));
  let run = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 1, maxLength: 12 }), async (portions) => {
    const directory = path.join(folder, `run-${run++}`);
    await using writer = await MemoryWriter.create(directory, sampleHeader);
    let frame = 0;
    for (const portion of [...portions, frameCount]) {
      const end = Math.min(frameCount, frame + portion);
      await writer.append(sampleFrames(frame, end));
      frame = end;
    }
    await writer.finish({ durationSeconds: samplePts(frameCount), subtitles: sampleSubtitles });
    assert.equal(folderHash(directory), expected);
  }), { numRuns: runs(8) });
});

test('a writer that is closed early continues behind its whole chunks', async (t) => {
  const folder = temporaryFolder(t);
  const frameCount = 3 * framesPerChunk;
  const expected = folderHash(await writeSample(path.join(folder, 'whole'), frameCount));
  const directory = path.join(folder, 'stopped');
  const first = await MemoryWriter.create(directory, sampleHeader);
  await first.append(sampleFrames(0, framesPerChunk + 20));
  await first.close();
  await using second = await MemoryWriter.resume(directory, sampleHeader);
  assert.equal(second.frameCount, framesPerChunk);
  await second.append(sampleFrames(framesPerChunk, frameCount));
  await second.finish({ durationSeconds: samplePts(frameCount), subtitles: sampleSubtitles });
  assert.equal(folderHash(directory), expected);
});

test('whatever a kill leaves beside the manifest is cleared by the next writer, and nothing else is', async (t) => {
  const folder = temporaryFolder(t);
  const complete = await writeSample(path.join(folder, 'complete'), framesPerChunk + 3);
  const directory = path.join(folder, 'killed');
  const writer = await MemoryWriter.create(directory, sampleHeader);
  await writer.append(sampleFrames(0, framesPerChunk));
  await writer.close();
  // Killed in finish, after the tail and the subtitles were written: only the manifest is missing, and is half written.
  for (const name of ['features-000001.safetensors', 'thumbnails-000001.safetensors', 'subtitles.json']) {
    cpSync(path.join(complete, name), path.join(directory, name));
  }
  writeFileSync(path.join(directory, 'manifest.json.partial'), '{"format":"longtake-mem');
  writeFileSync(path.join(directory, 'note of the user.txt'), 'mine');
  await using resumed = await MemoryWriter.resume(directory, sampleHeader);
  assert.deepEqual(readdirSync(directory).sort(),
    ['features-000000.safetensors', 'manifest.json', 'note of the user.txt', 'thumbnails-000000.safetensors']);
  await resumed.append(sampleFrames(framesPerChunk, framesPerChunk + 3));
  await resumed.finish({ durationSeconds: samplePts(framesPerChunk + 3), subtitles: sampleSubtitles });
  assert.deepEqual((await openMemory(directory)).manifest, (await openMemory(complete)).manifest);
});

test('a folder in which a writer died before its first manifest is begun again', async (t) => {
  const directory = temporaryFolder(t);
  writeFileSync(path.join(directory, 'manifest.json.partial'), '{');
  await using writer = await MemoryWriter.open(directory, sampleHeader);
  assert.equal(writer.frameCount, 0);
  assert.deepEqual(readdirSync(directory), ['manifest.json']);
});

test('a growing memory shows the frames that are durable, and a complete one all', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  await using writer = await MemoryWriter.create(directory, sampleHeader);
  assert.equal((await openMemory(directory)).frameCount, 0);
  await writer.append(sampleFrames(0, framesPerChunk + 5));
  const growing = await openMemory(directory, { verify: true });
  assert.deepEqual([growing.complete, growing.frameCount], [false, framesPerChunk]);
  await writer.append(sampleFrames(framesPerChunk + 5, framesPerChunk + 30));
  await writer.finish({ durationSeconds: 100 });
  assert.deepEqual(await growing.readFeatures(0, framesPerChunk), sampleFrames(0, framesPerChunk).features);
  const complete = await openMemory(directory);
  assert.deepEqual([complete.complete, complete.frameCount], [true, framesPerChunk + 30]);
});

test('gaps are kept through a restart although the second run does not see the first ones', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  const first = await MemoryWriter.create(directory, sampleHeader);
  await first.append(sampleFrames(0, 70));
  await first.close();
  await using second = await MemoryWriter.resume(directory);
  await second.append(sampleFrames(second.frameCount, 120));
  await second.finish({ durationSeconds: 200, gaps: [{ startSeconds: 190, endSeconds: 200, reason: 'the file ends early' }] });
  const { gaps } = (await openMemory(directory)).manifest;
  assert.deepEqual(gaps.map(({ endSeconds }) => endSeconds), [samplePts(50), samplePts(100), 200]);
});

test('frames that do not fit are refused and change nothing', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  await using writer = await MemoryWriter.create(directory, sampleHeader);
  const good = sampleFrames(0, 3);
  await writer.append(good);
  for (const bad of [
    { ...good, features: good.features.subarray(1) },
    { ...good, thumbnails: [] },
    good,
    { ...sampleFrames(3, 5), ptsSeconds: [9, Number.NaN] },
    { ...sampleFrames(3, 5), ptsSeconds: [9, 9] },
  ]) await assert.rejects(writer.append(bad), { code: 'bad-argument' });
  await writer.append(sampleFrames(3, 40));
  await writer.finish({ durationSeconds: 50, subtitles: [] });
  assert.deepEqual((await openMemory(directory)).ptsSeconds, Float64Array.from({ length: 40 }, (_, frame) => samplePts(frame)));
});

test('a memory without any frame cannot be finished', async (t) => {
  await using writer = await MemoryWriter.create(path.join(temporaryFolder(t), 'memory'), sampleHeader);
  await assert.rejects(writer.finish({ durationSeconds: 5 }), { code: 'no-frames' });
});

test('two calls at once, and calls after the end, are refused', async (t) => {
  await using writer = await MemoryWriter.create(path.join(temporaryFolder(t), 'memory'), sampleHeader);
  const first = writer.append(sampleFrames(0, framesPerChunk));
  await assert.rejects(writer.append(sampleFrames(framesPerChunk, framesPerChunk + 1)), { code: 'bad-argument', message: /Await each call/u });
  await first;
  await writer.finish({ durationSeconds: 40 });
  await assert.rejects(writer.append(sampleFrames(framesPerChunk, framesPerChunk + 1)), { code: 'bad-argument', message: /closed/u });
  await assert.rejects(MemoryWriter.resume(writer.directory), { code: 'bad-argument', message: /complete/u });
  await assert.rejects(MemoryWriter.create(writer.directory, sampleHeader), { code: 'bad-argument', message: /already holds a memory/u });
});

test('a memory that was begun with another encoder, video or mode is not continued', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  await (await MemoryWriter.create(directory, sampleHeader)).close();
  const others = [
    { ...sampleHeader, encoder: { ...sampleHeader.encoder, fingerprint: 'another' } },
    { ...sampleHeader, video: { ...sampleHeader.video, fingerprint: 'another' } },
    { ...sampleHeader, mode: 'fast' as const },
  ];
  for (const other of others) await assert.rejects(MemoryWriter.open(directory, other), { code: 'memory-mismatch', message: /begun with another/u });
});
