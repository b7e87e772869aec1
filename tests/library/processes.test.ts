import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { openLibrary } from '../../engine/library/index.ts';
import { newChat, temporaryFolder } from './support/sample-library.ts';

const script = path.join(import.meta.dirname, 'support', 'write-concurrently.ts');
const turns = 60;

async function runWriter(file: string, name: string): Promise<{ videoId: string; memoryId: string; claimed: string[] }> {
  const child = spawn(process.execPath, [script, file, name, String(turns)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  assert.equal(code, 0, errors);
  return z.object({ videoId: z.string(), memoryId: z.string(), claimed: z.array(z.string()) }).parse(JSON.parse(output));
}

test('processes that create and write one library at once lose nothing and get no job twice', async (t) => {
  const file = path.join(temporaryFolder(t), 'library.sqlite');
  const results = await Promise.all(['one', 'two', 'three'].map((name) => runWriter(file, name)));
  assert.equal(new Set(results.map(({ videoId }) => videoId)).size, 1);
  assert.equal(new Set(results.map(({ memoryId }) => memoryId)).size, 1);
  const claimed = results.flatMap((result) => result.claimed);
  assert.deepEqual([claimed.length, new Set(claimed).size], [3 * turns, 3 * turns]);
  using library = openLibrary(file);
  for (const conversation of library.conversations.list()) {
    assert.deepEqual(library.messages.activePath(conversation.id).map(({ content }) => content),
      Array.from({ length: turns }, (_, turn) => `${conversation.title} ${turn}`));
  }
  assert.equal(library.videos.list()[0]?.paths.length, 3);
  assertWhole(file);
});

test('a process that is killed in the midst of writing damages nothing', async (t) => {
  const file = path.join(temporaryFolder(t), 'library.sqlite');
  const child = spawn(process.execPath, [script, file, 'killed', '100000'], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  while (!existsSync(`${file}-wal`)) await sleep(5);
  await sleep(150);
  child.kill('SIGKILL');
  await exit;
  using library = openLibrary(file);
  const conversation = library.conversations.list()[0];
  const contents = conversation === undefined ? [] : library.messages.activePath(conversation.id).map(({ content }) => content);
  assert.deepEqual(contents, contents.map((_, turn) => `killed ${turn}`));
  newChat(library).say('user', 'and on it goes');
  assertWhole(file);
});

test('a library that another process does not let go of is said to be busy', (t) => {
  const file = path.join(temporaryFolder(t), 'library.sqlite');
  using library = openLibrary(file, { busyTimeoutMs: 200 });
  using other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  assert.throws(() => { library.settings.set('theme', 'dark'); }, { code: 'library-busy', message: /being written by another Longtake/u });
  other.exec('COMMIT');
  library.settings.set('theme', 'dark');
});

/** SQLite's own checks, and that every full-text index agrees with what it indexes. */
function assertWhole(file: string): void {
  using database = new DatabaseSync(file);
  assert.deepEqual(database.prepare('PRAGMA integrity_check').all().map((row) => ({ ...row })), [{ integrity_check: 'ok' }]);
  assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
  for (const table of ['messages', 'conversations', 'videos']) {
    database.exec(`INSERT INTO ${table}Index (${table}Index, rank) VALUES ('integrity-check', 1)`);
  }
}
