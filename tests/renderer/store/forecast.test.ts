import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sumForecasts, wantsAsking, type Forecast, type PlannedFile } from '../../../renderer/store/forecast.ts';

const forecast = (given: Partial<Forecast> = {}): Forecast => ({
  frames: 600, diskBytes: 1000, freeDiskBytes: 5000, fits: true, encodeMemoryBytes: 400, answerMemoryBytes: 700, machineMemoryBytes: 9000, fitsMemory: true,
  encodeSeconds: 30, modelBytes: 10, provider: 'cpu', ...given,
});
const planned = (...forecasts: (Forecast | undefined)[]): PlannedFile[] => forecasts.map((one, index) => ({ path: `/films/${index}.mp4`, forecast: one }));

suite('what files take together', () => {
  test('time, frames and disk add up; memory is that of the largest', () => {
    const sum = sumForecasts(planned(forecast(), forecast({ answerMemoryBytes: 2000 })));
    assert.deepEqual([sum?.frames, sum?.encodeSeconds, sum?.diskBytes, sum?.memoryBytes, sum?.provider], [1200, 60, 2000, 2000, 'cpu']);
  });

  test('one of unknown length or speed makes the sum unknown, not small', () => {
    const sum = sumForecasts(planned(forecast(), forecast({ frames: null, encodeSeconds: null, diskBytes: null, answerMemoryBytes: null })));
    assert.deepEqual([sum?.frames, sum?.encodeSeconds, sum?.diskBytes], [undefined, undefined, 1000]);
  });

  test('each may fit by itself, and all of them not', () => {
    assert.equal(sumForecasts(planned(forecast({ diskBytes: 3000 }), forecast({ diskBytes: 3000 })))?.fits, false);
    assert.equal(sumForecasts(planned(forecast({ diskBytes: 3000 })))?.fits, true);
  });

  test('files that could not be looked into count for nothing', () => {
    assert.equal(sumForecasts(planned(undefined)), undefined);
    assert.equal(sumForecasts(planned(undefined, forecast()))?.frames, 600);
  });
});

suite('whether to ask first', () => {
  test('short work starts by itself, long work is asked about', () => {
    assert.equal(wantsAsking(planned(forecast()), false), false);
    assert.equal(wantsAsking(planned(...Array.from({ length: 20 }, () => forecast({ diskBytes: 1 }))), false), true);
  });

  test('what has no room on the disk or in memory is always said', () => {
    assert.equal(wantsAsking(planned(forecast({ fits: false })), true), true);
    assert.equal(wantsAsking(planned(forecast({ fitsMemory: false })), true), true);
  });

  test('before the speed is known, the number of frames decides, but for the demonstration', () => {
    const unknown = planned(forecast({ frames: 3600, encodeSeconds: null }));
    assert.equal(wantsAsking(unknown, false), true);
    assert.equal(wantsAsking(unknown, true), false);
    assert.equal(wantsAsking(planned(forecast({ encodeSeconds: null })), false), false);
    assert.equal(wantsAsking(planned(undefined), false), false);
  });
});
