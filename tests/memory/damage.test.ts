import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isLongtakeError, LongtakeError } from '../../engine/protocol/errors.ts';
import { framesPerChunk, MemoryWriter, openMemory } from '../../engine/memory/index.ts';
import { serialiseManifest } from '../../engine/memory/manifest.ts';
import { sampleFrames, sampleHeader, samplePts, temporaryFolder, writeSample } from './support/sample-memory.ts';
import { fc, runs } from '../support/properties.ts';

const frameCount = framesPerChunk + 5;

/** Everything that a reader can be asked for. */
async function readAll(directory: string): Promise<void> {
  const memory = await openMemory(directory);
  await memory.readFeatures(0, memory.frameCount);
  for (let frame = 0; frame < memory.frameCount; frame++) await memory.thumbnail(frame);
}

test('a flipped byte anywhere in a memory is found, at the latest when what it belongs to is read', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const names = readdirSync(directory);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), async (name, place, change) => {
    const file = path.join(directory, name);
    const bytes = readFileSync(file);
    const damaged = Buffer.from(bytes);
    const offset = place % bytes.byteLength;
    damaged[offset] = (damaged[offset] ?? 0) ^ change;
    writeFileSync(file, damaged);
    try {
      for (const read of [() => readAll(directory), () => openMemory(directory, { verify: true })]) {
        await assert.rejects(read, (error) => isLongtakeError(error) && ['memory-invalid', 'newer-version'].includes(error.code)
          && error.message.includes(name), `${name} at ${offset}`);
      }
    } finally {
      writeFileSync(file, bytes);
    }
  }), { numRuns: runs(150) });
  await readAll(directory);
});

test('a missing, shortened or lengthened file is named when the memory is opened', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const name = 'thumbnails-000001.safetensors';
  const damages: [(file: string) => void, RegExp][] = [
    [(file) => { rmSync(file); }, /incomplete: thumbnails-000001\.safetensors is missing/u],
    [(file) => { truncateSync(file, 10); }, /thumbnails-000001\.safetensors has 10 bytes and should have/u],
    [(file) => { appendFileSync(file, 'x'); }, /thumbnails-000001\.safetensors has \d+ bytes and should have/u],
  ];
  for (const [index, [damage, message]] of damages.entries()) {
    const copy = path.join(folder, `copy-${index}`);
    cpSync(directory, copy, { recursive: true });
    damage(path.join(copy, name));
    await assert.rejects(openMemory(copy), { code: 'memory-invalid', message });
  }
});

test('a damaged memory that is still growing is not continued', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  const writer = await MemoryWriter.create(directory, sampleHeader);
  await writer.append(sampleFrames(0, framesPerChunk));
  await writer.close();
  const file = path.join(directory, 'features-000000.safetensors');
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.byteLength - 1);
  writeFileSync(file, bytes);
  await assert.rejects(MemoryWriter.resume(directory), { code: 'memory-invalid', message: /features-000000.*Encode the video again/su });
});

test('what is not a memory is said to be none', async (t) => {
  const folder = temporaryFolder(t);
  await assert.rejects(openMemory(path.join(folder, 'nothing')), { code: 'file-not-found' });
  await assert.rejects(openMemory(folder), { code: 'memory-invalid', message: /it has no manifest\.json/u });
  for (const text of ['', 'text', '[]', '{}', '{"format":"longtake-memory","version":1}', '{"format":"other","version":9}']) {
    writeFileSync(path.join(folder, 'manifest.json'), text);
    await assert.rejects(openMemory(folder), { code: 'memory-invalid' }, text);
  }
});

test('a memory of a newer version is refused with what to do, although its other members are unknown', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ format: 'longtake-memory', version: 2, surprises: true }));
  const expected = { code: 'newer-version', message: /format version is 2, this one reads up to 1\. Update Longtake/u };
  await assert.rejects(openMemory(folder), expected);
  await assert.rejects(MemoryWriter.open(folder, sampleHeader), expected);
});

test('a manifest with a right hash and wrong content is refused', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), frameCount);
  const { manifest } = await openMemory(directory);
  const [first, second] = manifest.chunks;
  assert.ok(first && second);
  const wrong = [
    { ...manifest, frameCount: frameCount + 1 },
    { ...manifest, chunks: [second, first] },
    { ...manifest, complete: false },
    { ...manifest, chunks: [], frameCount: 0 },
    { ...manifest, chunks: [{ ...first, frames: -3 }, second] },
    { ...manifest, features: { ...manifest.features, channels: 0.5 } },
    { ...manifest, mode: 'other' as 'fast' },
  ];
  for (const each of wrong) {
    writeFileSync(path.join(directory, 'manifest.json'), serialiseManifest(each));
    await assert.rejects(openMemory(directory), { code: 'memory-invalid' }, JSON.stringify(each));
  }
});

test('chunks in a wrong order or of another shape are refused although their hashes are right', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), 2 * framesPerChunk);
  const { manifest } = await openMemory(directory);
  const [first, second] = manifest.chunks;
  assert.ok(first && second);
  const swap = (kind: string): void => {
    const [one, other, spare] = ['000000', '000001', 'spare'].map((part) => path.join(directory, `${kind}-${part}.safetensors`)) as [string, string, string];
    renameSync(one, spare);
    renameSync(other, one);
    renameSync(spare, other);
  };
  swap('features');
  swap('thumbnails');
  writeFileSync(path.join(directory, 'manifest.json'), serialiseManifest({ ...manifest, chunks: [second, first] }));
  await assert.rejects(openMemory(directory), { code: 'memory-invalid', message: /times that do not ascend at frame 32/u });
  swap('features');
  swap('thumbnails');
  writeFileSync(path.join(directory, 'manifest.json'), serialiseManifest({ ...manifest, features: { ...manifest.features, tokensPerFrame: 6, channels: 4 } }));
  await assert.rejects(openMemory(directory), { code: 'memory-invalid', message: /features \[32, 4, 6\].*states \[32, 6, 4\]/u });
});

test('a memory of another encoder is refused with both names', async (t) => {
  const directory = await writeSample(path.join(temporaryFolder(t), 'memory'), 3);
  await assert.rejects(openMemory(directory, { encoder: { fingerprint: 'other', name: 'siglip-so400m' } }),
    { code: 'memory-mismatch', message: /made by the encoder siglip-tiny.*looks with siglip-so400m/u });
  assert.equal((await openMemory(directory, { encoder: sampleHeader.encoder })).frameCount, 3);
});

test('verification can be cancelled', async (t) => {
  const directory = await writeSample(path.join(temporaryFolder(t), 'memory'), 3);
  await assert.rejects(openMemory(directory, { verify: true, signal: AbortSignal.abort() }),
    (error) => error instanceof LongtakeError && error.code === 'cancelled');
});

test('features, thumbnails, times and subtitles come back as they were given, over any range', async (t) => {
  const directory = await writeSample(path.join(temporaryFolder(t), 'memory'), 100);
  const memory = await openMemory(directory);
  assert.deepEqual(memory.ptsSeconds, Float64Array.from({ length: 100 }, (_, frame) => samplePts(frame)));
  assert.equal(memory.subtitles[0]?.cues[0]?.text, 'Good morning.\nIt rains.');
  await fc.assert(fc.asyncProperty(fc.nat({ max: 100 }), fc.nat({ max: 100 }), async (one, other) => {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    assert.deepEqual(await memory.readFeatures(from, to), sampleFrames(from, to).features);
  }), { numRuns: runs(60) });
  for (const frame of [0, 31, 32, 99]) {
    assert.deepEqual(new Uint8Array(await memory.thumbnail(frame) ?? []), sampleFrames(frame, frame + 1).thumbnails[0]);
  }
  for (const [from, to] of [[-1, 2], [3, 2], [0, 101], [0.5, 2]] as const) {
    await assert.rejects(memory.readFeatures(from, to), { code: 'bad-argument' });
  }
});

test('a file that vanishes after the memory was opened is named', async (t) => {
  const directory = await writeSample(path.join(temporaryFolder(t), 'memory'), 3);
  const memory = await openMemory(directory);
  rmSync(path.join(directory, 'features-000000.safetensors'));
  await assert.rejects(memory.readFeatures(0, 1), { code: 'file-not-found', message: /features-000000\.safetensors/u });
  mkdirSync(path.join(directory, 'features-000000.safetensors'));
  await assert.rejects(memory.readFeatures(0, 1), { code: 'file-unreadable' });
});
