import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { openMemory } from '../../engine/memory/index.ts';
import { folderHash, temporaryFolder, writeSample } from './support/sample-memory.ts';

const script = path.join(import.meta.dirname, 'support', 'append-until-killed.ts');
const frameCount = 333;

test('a writer killed at twenty random moments resumes to the very bytes of an uninterrupted one', async (t) => {
  const folder = temporaryFolder(t);
  const expected = folderHash(await writeSample(path.join(folder, 'uninterrupted'), frameCount));
  const wantedKills = 20;
  let kills = 0;
  let killsWithFrames = 0;
  for (let run = 0; kills < wantedKills; run++) {
    const directory = path.join(folder, `run-${run}`);
    for (let attempt = 0; ; attempt++) {
      const outcome = await appendAndKill(directory, attempt, kills < wantedKills ? Math.random() * 120 : undefined);
      if (outcome === 'done') break;
      kills++;
      killsWithFrames += Number(await durableFrames(directory) > 0);
    }
    assert.equal(folderHash(directory), expected, `after ${kills} kills`);
  }
  assert.ok(killsWithFrames > 0, 'every kill came before the first durable frame: the test has tested nothing');
  t.diagnostic(`${kills} kills, ${killsWithFrames} of them with durable frames`);
});

/** At every moment, what a killed writer leaves is a memory that opens and verifies, or none at all. */
async function durableFrames(directory: string): Promise<number> {
  try {
    return (await openMemory(directory, { verify: true })).frameCount;
  } catch (error) {
    assert.ok(isLongtakeError(error), String(error));
    assert.match(error.message, /no manifest\.json|does not exist/u);
    return 0;
  }
}

async function appendAndKill(directory: string, portions: number, killAfterMs: number | undefined): Promise<'done' | 'killed'> {
  const child = spawn(process.execPath, [script, directory, String(frameCount), String(portions)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'ready');
  if (killAfterMs !== undefined) {
    await Promise.race([sleep(killAfterMs), exit]);
    child.kill('SIGKILL');
  }
  const [code] = await exit;
  if (code === null) return 'killed';
  assert.equal(code, 0);
  assert.equal((await lines.next()).value, 'done');
  return 'done';
}
