import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exitCodeOf } from '../../engine/cli/exit-codes.ts';
import { describeError, describeProgress, formatDuration } from '../../engine/cli/output.ts';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import { describeBytes } from '../../engine/protocol/sizes.ts';

suite('what the command line says', () => {
  test('progress has a decimal percent and the time left', () => {
    assert.equal(describeProgress({ stage: 'encode', done: 900, total: 3600, etaSeconds: 42 }), 'Watching the video: 25.0 %, 42 s left');
    assert.equal(describeProgress({ stage: 'encode', done: 900 }), 'Watching the video: 900');
  });

  test('durations and sizes are short', () => {
    assert.deepEqual([0.25, 7.04, 42, 600, 9000].map(formatDuration), ['250 ms', '7.0 s', '42 s', '10 min', '2.5 h']);
    assert.deepEqual([12, 1500, 4e5, 2_340_000, 45e6, 3.6e9, 2e12].map(describeBytes), ['12 B', '1.5 kB', '0.4 MB', '2.3 MB', '45 MB', '3.60 GB', '2.00 TB']);
  });

  test('the exit code tells bad input from a damaged memory, a machine that cannot, and a stop', () => {
    const code = (error: unknown): number => exitCodeOf(error);
    assert.equal(code(new LongtakeError('not-a-video', '')), 3);
    assert.equal(code(new LongtakeError('memory-invalid', '')), 4);
    assert.equal(code(new LongtakeError('disk-full', '')), 5);
    assert.equal(code(new LongtakeError('cancelled', '')), 130);
    assert.equal(code(new TypeError('x')), 1);
  });

  test('an unexpected failure is called one and keeps its message', () => {
    assert.deepEqual(describeError(new TypeError('x is not a function')), {
      code: 'internal', message: 'Something inside Longtake failed: x is not a function', data: {},
    });
  });
});
