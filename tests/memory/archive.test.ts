import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { Progress } from '../../engine/protocol/progress.ts';
import { exportMemory, framesPerChunk, importMemory, inspectArchive, MemoryWriter, removeMemory, sweepMemories } from '../../engine/memory/index.ts';
import { folderHash, sampleFrames, sampleHeader, temporaryFolder, writeSample } from './support/sample-memory.ts';
import { fc, runs } from '../support/properties.ts';

const frameCount = framesPerChunk + 5;
const conversations = [{ id: 'one', title: '小镇', messages: [{ id: 'm', content: 'Where? 🎈' }] }];

test('a memory goes through an archive to the same bytes, with its conversations', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const file = path.join(folder, 'a town.longtake');
  const exported: Progress[] = [];
  const { byteLength } = await exportMemory(directory, file, { conversations, onProgress: (progress) => exported.push(progress) });
  assert.equal(byteLength, readFileSync(file).byteLength);
  assert.deepEqual([exported.at(-1)?.done, exported.at(-1)?.stage], [exported.at(-1)?.total, 'export']);
  const contents = await inspectArchive(file);
  assert.deepEqual([contents.conversations !== undefined, contents.manifest.frameCount, contents.manifest.encoder], [true, frameCount, sampleHeader.encoder]);
  const imported: Progress[] = [];
  const copy = path.join(folder, 'copy');
  const result = await importMemory(file, copy, { onProgress: (progress) => imported.push(progress) });
  assert.deepEqual(result.conversations, conversations);
  assert.equal(folderHash(copy), folderHash(directory));
  assert.equal(imported.at(-1)?.done, contents.byteLength);
  assert.deepEqual(readdirSync(folder).sort(), ['a town.longtake', 'copy', 'memory']);
});

test('equal memories give equal archives, and without conversations there are none', async (t) => {
  const folder = temporaryFolder(t);
  const files = [path.join(folder, 'one.longtake'), path.join(folder, 'two.longtake')] as const;
  await exportMemory(await writeSample(path.join(folder, 'one'), frameCount, 3), files[0]);
  await exportMemory(await writeSample(path.join(folder, 'two'), frameCount, 30), files[1]);
  assert.deepEqual(readFileSync(files[0]), readFileSync(files[1]));
  assert.equal((await importMemory(files[0], path.join(folder, 'copy'))).conversations, undefined);
});

test('a tensor lies in the archive as it is, and a file of it can be cut out', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  await exportMemory(directory, path.join(folder, 'memory.longtake'));
  const archive = readFileSync(path.join(folder, 'memory.longtake'));
  for (const name of readdirSync(directory)) assert.ok(archive.includes(readFileSync(path.join(directory, name))), name);
});

test('a flipped byte in an archive is refused, or stands where it changes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), 3);
  const original = folderHash(directory);
  const file = path.join(folder, 'memory.longtake');
  await exportMemory(directory, file, { conversations });
  const bytes = readFileSync(file);
  let refused = 0;
  let run = 0;
  // Headers are a small part of an archive, so half of the flips aim at its end, where the directory is.
  const place = fc.oneof(fc.nat({ max: bytes.byteLength - 1 }), fc.integer({ min: bytes.byteLength - 600, max: bytes.byteLength - 1 }));
  await fc.assert(fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (offset, change) => {
    const damaged = Buffer.from(bytes);
    damaged[offset] = (damaged[offset] ?? 0) ^ change;
    const target = path.join(folder, `flipped-${run++}`);
    writeFileSync(`${target}.longtake`, damaged);
    try {
      const imported = await importMemory(`${target}.longtake`, target);
      assert.equal(folderHash(target), original, `byte ${offset}`);
      assert.deepEqual(imported.conversations, conversations, `byte ${offset}`);
    } catch (error) {
      assert.ok(isLongtakeError(error), `byte ${offset}: ${String(error)}`);
      assert.ok(['memory-invalid', 'archive-hostile', 'newer-version'].includes(error.code), `byte ${offset}: ${error.message}`);
      assert.ok(!existsSync(target) && !existsSync(`${target}.importing`));
      refused++;
    }
  }), { numRuns: runs(300) });
  assert.ok(refused > 200, `only ${refused} of 300 were refused`);
});

test('an archive cut off anywhere is refused', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'memory.longtake');
  await exportMemory(await writeSample(path.join(folder, 'memory'), 3), file);
  const bytes = readFileSync(file);
  await fc.assert(fc.asyncProperty(fc.nat({ max: bytes.byteLength - 1 }), async (length) => {
    writeFileSync(file, bytes.subarray(0, length));
    for (const open of [() => inspectArchive(file), () => importMemory(file, path.join(folder, 'copy'))]) {
      await assert.rejects(open, { code: 'memory-invalid', message: /was cut off, or something was added/u });
    }
  }), { numRuns: runs(60) });
});

test('a damaged memory cannot be exported, and leaves no file', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const name = path.join(directory, 'features-000001.safetensors');
  writeFileSync(name, readFileSync(name).fill(7, 300));
  await assert.rejects(exportMemory(directory, path.join(folder, 'memory.longtake')), { code: 'memory-invalid', message: /features-000001/u });
  assert.deepEqual(readdirSync(folder), ['memory']);
});

test('a growing memory is not exported', async (t) => {
  const folder = temporaryFolder(t);
  await using writer = await MemoryWriter.create(path.join(folder, 'memory'), sampleHeader);
  await writer.append(sampleFrames(0, framesPerChunk));
  await assert.rejects(exportMemory(writer.directory, path.join(folder, 'x.longtake')), { code: 'bad-argument', message: /still being encoded/u });
});

test('nothing is overwritten unless asked for', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), 3);
  const file = path.join(folder, 'memory.longtake');
  writeFileSync(file, 'precious');
  await assert.rejects(exportMemory(directory, file), { code: 'bad-argument', message: /exists already/u });
  assert.equal(readFileSync(file, 'utf8'), 'precious');
  await exportMemory(directory, file, { overwrite: true });
  await assert.rejects(importMemory(file, directory), { code: 'bad-argument', message: /exists already/u });
});

test('a cancelled export or import leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const file = path.join(folder, 'memory.longtake');
  const cancelAtFirstProgress = (): { signal: AbortSignal; onProgress: () => void } => {
    const controller = new AbortController();
    return { signal: controller.signal, onProgress: () => { controller.abort(); } };
  };
  await assert.rejects(exportMemory(directory, file, cancelAtFirstProgress()), { code: 'cancelled' });
  assert.deepEqual(readdirSync(folder), ['memory']);
  await exportMemory(directory, file);
  await assert.rejects(importMemory(file, path.join(folder, 'copy'), cancelAtFirstProgress()), { code: 'cancelled' });
  assert.deepEqual(readdirSync(folder).sort(), ['memory', 'memory.longtake']);
});

test('an import that was killed half-way is begun again, and swept away otherwise', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'memory.longtake');
  await exportMemory(await writeSample(path.join(folder, 'memory'), 3), file);
  for (const name of ['copy.importing', 'other.importing', 'gone.removing']) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'features-000000.safetensors'), 'half');
  }
  await importMemory(file, path.join(folder, 'copy'));
  await sweepMemories(folder);
  assert.deepEqual(readdirSync(folder).sort(), ['copy', 'memory', 'memory.longtake']);
  await removeMemory(path.join(folder, 'copy'));
  await removeMemory(path.join(folder, 'copy'));
  assert.deepEqual(readdirSync(folder).sort(), ['memory', 'memory.longtake']);
});
