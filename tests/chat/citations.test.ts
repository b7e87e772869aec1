import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findCitations, formatTime, parseTime } from '../../engine/chat/citations.ts';
import { binLookedAt } from '../../engine/chat/looked-at.ts';
import { fc } from '../support/properties.ts';

const hour = { durationSeconds: 3600, framePtsSeconds: Float64Array.from({ length: 3600 }, (_, second) => second) };
const times = (answer: string): (readonly [number, number])[] =>
  findCitations(answer, hour).map((citation) => [citation.startSeconds, citation.endSeconds] as const);

suite('citations', () => {
  test('clock times, ranges and plain seconds are found', () => {
    assert.deepEqual(times('The balloon appears at 12:40.'), [[760, 760]]);
    assert.deepEqual(times('from 3:05 to 3:09, then at 0:59:59'), [[185, 189], [3599, 3599]]);
    assert.deepEqual(times('It stays 3:05–3:09.'), [[185, 189]]);
    assert.deepEqual(times('around 83 seconds in'), [[83, 83]]);
  });

  test('how long something lasts is no time in the video', () => {
    assert.deepEqual(times('The fog lasts about 24 seconds. It stays for only 3 to 5 seconds, 12 seconds after the bell, and is 6 s long.'), []);
    assert.deepEqual(times('It lasts 24 seconds and comes at 12:40, or 83 seconds in.'), [[760, 760], [83, 83]]);
  });

  test('two times joined by "and" stay two times', () => {
    assert.deepEqual(times('at 12:40 and 15:10'), [[760, 760], [910, 910]]);
  });

  test('a backwards range is two times', () => {
    assert.deepEqual(times('15:10 to 12:40'), [[910, 910], [760, 760]]);
  });

  test('numbers that are no times are left alone', () => {
    assert.deepEqual(times('3 balloons, 16:9 picture, version 1.2.3, 12:99, ratio 1:2:3:4'), []);
  });

  test('a time outside of the video is kept but not verified', () => {
    const [citation] = findCitations('at 75:10', hour);
    assert.equal(citation?.startSeconds, 4510);
    assert.equal(citation?.verified, false);
  });

  test('a time inside a gap of the memory is not verified', () => {
    const gap = { durationSeconds: 100, framePtsSeconds: [0, 1, 2, 60, 61] };
    assert.deepEqual(findCitations('0:02, 0:30 or 1:00', gap).map((citation) => citation.verified), [true, false, true]);
  });

  test('the offset points at the words that name the time', () => {
    const answer = 'First at 1:00 and then at 2:00 to 2:05.';
    for (const citation of findCitations(answer, hour)) {
      assert.equal(answer.slice(citation.offset, citation.offset + citation.text.length), citation.text);
    }
  });

  test('every second of ten hours survives formatting and parsing', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 36_000 }), (seconds) => {
      assert.equal(parseTime(formatTime(seconds)), seconds);
    }));
  });
});

suite('looked at', () => {
  test('shares sum to one and land in the bin of their frame', () => {
    const looked = binLookedAt([0.5, 0.25, 0.25], [0, 1, 9], 10);
    assert.equal(looked.binSeconds, 1);
    assert.equal(looked.share.length, 10);
    assert.deepEqual([looked.share[0], looked.share[1], looked.share[9]], [0.5, 0.25, 0.25]);
  });

  test('of each bin the frame that got most is known, and is not rounded to the one before', () => {
    const ptsSeconds = [0, 1.0333334, 2.0666667, 16, 17, 31];
    const looked = binLookedAt([0.1, 0.2, 0.15, 0.05, 0.5, 0], ptsSeconds, 3600);
    assert.equal(looked.binSeconds, 15);
    assert.equal(looked.peakSeconds.length, looked.share.length);
    assert.deepEqual(looked.peakSeconds.slice(0, 4), [1.034, 17, 37.5, 52.5]);
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 500 }), (shares) => {
      const { binSeconds, share, peakSeconds } = binLookedAt(shares, Float64Array.from(shares, (_, second) => second), shares.length);
      for (const [bin, seconds] of peakSeconds.entries()) {
        if (share[bin] === 0) continue;
        const inBin = shares.slice(bin * binSeconds, (bin + 1) * binSeconds);
        assert.equal(shares[seconds], Math.max(...inBin));
        assert.equal(Math.floor(seconds / binSeconds), bin);
      }
    }));
  });

  test('ten hours still fit a timeline', () => {
    const looked = binLookedAt(new Float32Array(36_000).fill(1), Float64Array.from({ length: 36_000 }, (_, second) => second), 36_000);
    assert.ok(looked.share.length <= 240);
    assert.ok(Math.abs(looked.share.reduce((sum, value) => sum + value, 0) - 1) < 1e-3);
  });
});
