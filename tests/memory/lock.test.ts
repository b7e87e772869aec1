import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { MemoryWriter, removeMemory } from '../../engine/memory/index.ts';
import { sampleHeader, temporaryFolder } from './support/sample-memory.ts';

const holder = `
  import { MemoryWriter } from ${JSON.stringify(path.join(import.meta.dirname, '../../engine/memory/index.ts'))};
  const writer = await MemoryWriter.open(process.argv[1], ${JSON.stringify(sampleHeader)});
  console.log('held');
  setInterval(() => {}, 1000);`;

test('two processes cannot write one memory, by whatever path, and a killed one leaves no lock', async (t) => {
  const folder = temporaryFolder(t);
  const directory = path.join(folder, 'memory');
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', holder, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await assert.rejects(MemoryWriter.open(directory, sampleHeader), { code: 'library-busy', message: /another Longtake/u });
  symlinkSync(directory, path.join(folder, 'alias'));
  await assert.rejects(MemoryWriter.resume(path.join(folder, 'alias', '.')), { code: 'library-busy' });
  await assert.rejects(removeMemory(directory), { code: 'library-busy' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using writer = await MemoryWriter.resume(directory);
  assert.equal(writer.frameCount, 0);
});

test('one process cannot open two writers on a memory, and can after the first is closed', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  const first = await MemoryWriter.create(directory, sampleHeader);
  await assert.rejects(MemoryWriter.resume(directory), { code: 'library-busy' });
  await first.close();
  await (await MemoryWriter.resume(directory)).close();
});

test('a writer that could not be opened holds no lock', async (t) => {
  const directory = path.join(temporaryFolder(t), 'memory');
  mkdirSync(directory);
  await assert.rejects(MemoryWriter.resume(directory), { code: 'memory-invalid', message: /no manifest\.json/u });
  await (await MemoryWriter.create(directory, sampleHeader)).close();
});
