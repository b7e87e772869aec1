import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { exportMemory, importMemory, MemoryWriter, openMemory } from '../../engine/memory/index.ts';
import { folderHash, sampleHeader, temporaryFolder, writeSample } from './support/sample-memory.ts';

const support = (name: string): string => path.join(import.meta.dirname, 'support', name);
const refusalSchema = z.object({ code: z.string(), message: z.string() });

test('a full drive stops the writer with a sentence, loses nothing durable, and the rest follows once there is room', (t) => {
  // A drive of one megabyte for one process alone: needs a kernel that lets users have namespaces of their own.
  const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
  const drive = temporaryFolder(t);
  if (spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, drive, 'true']).status !== 0) {
    t.skip('this system does not let a test mount a small drive; the next test fills a file instead');
    return;
  }
  const frameCount = 1600;
  const run = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, drive,
    process.execPath, support('fill-disk.ts'), drive, String(frameCount)], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const result = z.object({
    writing: refusalSchema, exporting: refusalSchema, importing: refusalSchema, partialFrames: z.int(), hash: z.string(),
    afterExport: z.array(z.string()), afterImport: z.array(z.string()),
  }).parse(JSON.parse(run.stdout));
  assert.equal(result.writing.code, 'disk-full');
  assert.match(result.writing.message, /memory\/.* the disk is full\. Free some space and continue/u);
  assert.ok(result.partialFrames > 0 && result.partialFrames < frameCount);
  assert.match(result.exporting.message, /memory\.longtake needs 0\.\d MB and its drive has 0\.1 MB free/u);
  assert.deepEqual(result.afterExport, ['filler', 'memory']);
  assert.match(result.importing.message, /copy\.importing\/.* the disk is full/u);
  assert.deepEqual(result.afterImport, ['filler', 'memory', 'memory.longtake']);
  return writeSample(path.join(temporaryFolder(t), 'expected'), frameCount).then((expected) => {
    assert.equal(result.hash, folderHash(expected));
  });
});

test('an export that grows beyond what a file may have is refused and leaves nothing', { skip: process.platform === 'win32' && 'needs ulimit' }, async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), 800);
  const run = spawnSync('bash', ['-c', 'ulimit -f 16 && exec "$@"', 'bash', process.execPath, support('export-sample.ts'),
    directory, path.join(folder, 'memory.longtake')], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const refusal = refusalSchema.parse(JSON.parse(run.stdout));
  assert.equal(refusal.code, 'disk-full');
  assert.match(refusal.message, /memory\.longtake: the file became larger than this drive or this account allows/u);
  assert.deepEqual(readdirSync(folder), ['memory']);
  await openMemory(directory, { verify: true });
});

test('a folder that cannot be written is said to be so, for writing, exporting and importing', async (t) => {
  const folder = temporaryFolder(t);
  const directory = await writeSample(path.join(folder, 'memory'), 3);
  const file = path.join(folder, 'memory.longtake');
  await exportMemory(directory, file);
  const readOnly = readOnlyFolder(t, folder);
  const expected = { code: 'read-only', message: /no permission \(E[A-Z]+\)\. Make the folder writable or choose another one/u };
  await assert.rejects(MemoryWriter.create(path.join(readOnly, 'memory'), sampleHeader), expected);
  await assert.rejects(exportMemory(directory, path.join(readOnly, 'memory.longtake')), expected);
  await assert.rejects(importMemory(file, path.join(readOnly, 'copy')), expected);
});

/** Permissions do not bind root, the system's own file tree does. */
function readOnlyFolder(t: TestContext, folder: string): string {
  if (process.getuid?.() === 0) return '/sys';
  const readOnly = path.join(folder, 'read-only');
  mkdirSync(readOnly);
  chmodSync(readOnly, 0o555);
  t.after(() => { chmodSync(readOnly, 0o755); });
  return readOnly;
}
