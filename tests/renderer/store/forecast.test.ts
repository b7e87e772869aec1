import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { knownDiskBytes, neededMemoryBytes, wantsAsking, type Forecast } from '../../../renderer/store/forecast.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';
import { makeSlowMachine } from '../support/slow-machine.ts';

const forecast = (given: Partial<Forecast> = {}): Forecast => ({
  files: [{ path: '/films/0.mp4', frames: 240, diskBytes: 1000, encodeSeconds: 30 }], frames: 240, diskBytes: 1000, encodeSeconds: 30,
  freeDiskBytes: 5000, keptDiskBytes: 500, fits: true, encodeMemoryBytes: 400, answerMemoryBytes: 700, machineMemoryBytes: 9000, fitsMemory: true,
  modelBytes: 10, provider: 'cpu', ...given,
});

suite('what files take', () => {
  test('room is what is known of it, memory the larger of encoding and answering', () => {
    const files = [...forecast().files, { path: '/films/live.ts', frames: null, diskBytes: null, encodeSeconds: null }];
    assert.equal(knownDiskBytes(forecast({ files, diskBytes: null })), 1000);
    assert.deepEqual([neededMemoryBytes(forecast()), neededMemoryBytes(forecast({ answerMemoryBytes: null }))], [700, 400]);
  });
});

suite('whether to ask first', () => {
  test('short work starts by itself, long work is asked about', () => {
    assert.equal(wantsAsking(forecast(), false), false);
    assert.equal(wantsAsking(forecast({ encodeSeconds: 600 }), false), true);
  });

  test('what has no room on the disk or in memory is always said', () => {
    assert.equal(wantsAsking(forecast({ fits: false }), true), true);
    assert.equal(wantsAsking(forecast({ fitsMemory: false }), true), true);
  });

  test('before the speed is known, the number of frames decides, but for the demonstration', () => {
    const unknown = forecast({ frames: 600, encodeSeconds: null });
    assert.equal(wantsAsking(unknown, false), true);
    assert.equal(wantsAsking(unknown, true), false);
    assert.equal(wantsAsking(forecast({ frames: null, encodeSeconds: null }), false), true, 'a length that is not known may be hours');
    assert.equal(wantsAsking(forecast({ encodeSeconds: null }), false), false);
  });

  test('nothing is asked where nothing is to be encoded, or nothing could be looked into', () => {
    assert.equal(wantsAsking(forecast({ files: [], fits: false }), false), false);
    assert.equal(wantsAsking(undefined, false), false);
  });
});

test('a folder is asked about as its files are, before anything of it is queued', async () => {
  const scratch = scratchDirectory('forecast');
  const folder = path.join(scratch, 'films');
  mkdirSync(folder);
  await makeVideo(path.join(folder, 'an hour.mp4'), { seconds: 3600, width: 64, height: 36, framesPerSecond: 1 / 60 });
  await makeVideo(path.join(folder, 'short.mp4'), { seconds: 3 });
  writeFileSync(path.join(folder, 'text.mp4'), 'This is a letter.');
  const home = path.join(scratch, 'home');
  await makeSlowMachine(home);
  await using app = await startApp(home);
  await app.store.getState().addPaths([folder]);
  const { dialog, jobs, videos } = app.store.getState();
  assert.ok(dialog?.kind === 'forecast');
  assert.deepEqual(dialog.plan.forecast?.files.map(({ path: file, frames }) => [path.basename(file), frames]), [['an hour.mp4', 3600], ['short.mp4', 3]]);
  assert.deepEqual([jobs, videos], [[], []]);
});
