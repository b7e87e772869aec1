import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildModelPackage, verifyModelPackage } from '../../engine/models/package.ts';
import type { WeightFormat } from '../../engine/models/weight-store.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { demoSizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { hashDirectory, scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('resumed-import');
const checkpoint = path.join(scratch, 'checkpoint');
await writeCheckpoint(checkpoint, demoSizes, { type: 'BF16' });

/** Imports until so many bytes of the checkpoint are converted. */
async function interrupted(weights: WeightFormat, draftDirectory: string, share: number): Promise<void> {
  const stop = new AbortController();
  await assert.rejects(buildModelPackage(checkpoint, path.join(scratch, 'never'), {
    weights, draftDirectory, signal: stop.signal, onProgress: ({ done, total = 1 }) => { if (done / total > share) stop.abort(); },
  }), (error) => isLongtakeError(error, 'cancelled'));
}

for (const weights of ['float16', 'int4'] as const) {
  test(`an import to ${weights} that is interrupted again and again ends as one that was not`, async () => {
    const whole = path.join(scratch, `whole-${weights}`);
    let stored = 0;
    await buildModelPackage(checkpoint, whole, { weights, onProgress: () => { stored += 1; } });
    const draft = path.join(scratch, `draft-${weights}`);
    for (const share of [0.05, 0.3, 0.5, 0.9]) await interrupted(weights, draft, share);
    // A power cut: the last line of a journal is cut off, and behind what it vouches for there is anything.
    for (const name of readdirSync(draft).filter((each) => each.endsWith('.journal'))) {
      const journal = path.join(draft, name);
      const { length } = readFileSync(journal);
      if (length > 100) truncateSync(journal, length - 20);
      appendFileSync(journal.replace(/\.journal$/u, ''), Buffer.alloc(1000, 7));
    }
    let storedAgain = 0;
    const resumed = path.join(scratch, `resumed-${weights}`);
    await buildModelPackage(checkpoint, resumed, { weights, draftDirectory: draft, onProgress: () => { storedAgain += 1; } });
    assert.ok(storedAgain < 0.7 * stored, `${String(storedAgain)} of ${String(stored)} tensors were converted again`);
    assert.equal(hashDirectory(resumed), hashDirectory(whole));
    await verifyModelPackage(resumed);
    assert.equal(existsSync(draft), false);
  });
}

test('a draft of another format or checkpoint is not gone on with', async () => {
  const draft = path.join(scratch, 'draft-other');
  await interrupted('int4', draft, 0.5);
  const target = path.join(scratch, 'other');
  await buildModelPackage(checkpoint, target, { weights: 'float16', draftDirectory: draft });
  assert.equal(hashDirectory(target), hashDirectory(path.join(scratch, 'whole-float16')));
});
