import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { ffmpeg, firstOfEachSecond, framesByProbe, generations, h264, makeFolder, numbered, passThrough, pictureNumber, readAll } from './zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

before(async () => {
  const uneven = "select='eq(mod(n,7),0)+eq(mod(n,11),3)+between(n,60,75)+gt(n,170)'";
  await Promise.all([
    ffmpeg(...numbered('30000/1001', 7), ...h264, '-bf', '3', file('29.97.mp4')),
    ffmpeg(...numbered('30', 8), '-vf', uneven, ...passThrough, ...h264, '-bf', '2', file('variable-rate.mp4')),
    ffmpeg(...numbered('30', 8), '-vf', uneven, ...passThrough, ...h264, '-bf', '2', file('variable-rate.mkv')),
    ffmpeg(...numbered('1/5', 40), ...h264, file('slides.mp4')),
    ffmpeg(...numbered('25', 1), '-frames:v', '12', ...h264, file('half-a-second.mp4')),
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=6', '-itsoffset', '0.7', ...numbered('25', 5), ...h264, '-bf', '2', '-c:a', 'aac', '-map', '0:a', '-map', '1:v', ...passThrough, file('picture-after-sound.mp4')),
    ffmpeg(...numbered('25', 6), ...h264, '-bf', '2', '-output_ts_offset', '3600.5', file('starts-at-an-hour.mkv')),
    ffmpeg(...numbered('25', 6), ...h264, '-bf', '2', '-output_ts_offset', '3600.5', file('starts-at-an-hour.ts')),
    // The 33-bit clock of a transport stream starts again after 95443.7 s.
    ffmpeg(...numbered('25', 8), ...h264, '-bf', '2', '-output_ts_offset', '95438.9', file('clock-wraps.ts')),
  ]);
  await Promise.all([
    ffmpeg('-ss', '1.3', '-i', file('29.97.mp4'), '-c', 'copy', file('edit-list.mp4')),
    ffmpeg('-i', file('29.97.mp4'), '-c', 'copy', '-use_editlist', '0', '-movflags', 'negative_cts_offsets', file('negative-offsets.mp4')),
    ffmpeg('-i', file('29.97.mp4'), '-c', 'copy', '-f', 'h264', file('raw.h264')),
    ffmpeg('-i', file('29.97.mp4'), '-c', 'copy', '-f', 'matroska', '-live', '1', file('live.mkv')),
    ffmpeg('-i', file('29.97.mp4'), '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-live', '1', '-f', 'webm', file('live.webm')),
    ffmpeg('-i', file('29.97.mp4'), '-c', 'copy', file('plain.ts')),
  ]);
  await writeFile(file('clock-restarts.ts'), Buffer.concat([await readFile(file('plain.ts')), await readFile(file('plain.ts'))]));
});

/** Names of files whose frames ffprobe times independently of the code under test. */
const timedByProbe = [
  '29.97.mp4', 'variable-rate.mp4', 'variable-rate.mkv', 'slides.mp4', 'half-a-second.mp4', 'picture-after-sound.mp4',
  'starts-at-an-hour.mkv', 'starts-at-an-hour.ts', 'clock-wraps.ts', 'edit-list.mp4', 'negative-offsets.mp4', 'live.mkv', 'live.webm', 'plain.ts',
];

for (const { name: generation, tools } of generations) {
  describe(`timestamps with the ${generation} ffmpeg`, () => {
    for (const name of timedByProbe) {
      test(`${name}: the first frame of every second, at the time that ffprobe gives it`, async () => {
        const expected = firstOfEachSecond(await framesByProbe(file(name), tools));
        const { ptsSeconds, frames, thumbnails, report } = await readAll(file(name), tools);
        assert.equal(ptsSeconds.length, expected.length);
        ptsSeconds.forEach((pts, index) => assert.ok(Math.abs(pts - (expected[index]?.ptsSeconds ?? Number.NaN)) < 2e-6, `frame ${index}: ${pts} instead of ${expected[index]?.ptsSeconds}`));
        assert.equal(thumbnails.length, ptsSeconds.length);
        assert.deepEqual(report.gaps, []);
        if (!name.startsWith('variable-rate') && name !== 'edit-list.mp4' && !name.startsWith('live.webm')) {
          // And it is that frame's picture, not a neighbour's.
          assert.deepEqual(ptsSeconds.map((_, index) => pictureNumber(frames, index, 16)), expected.map(({ index }) => index % 50));
        }
      });
    }

    test('variable rate: a picture is the one that was recorded at its time', async () => {
      for (const name of ['variable-rate.mp4', 'variable-rate.mkv']) {
        const { ptsSeconds, frames } = await readAll(file(name), tools);
        assert.deepEqual(ptsSeconds.map((_, index) => pictureNumber(frames, index, 16)), ptsSeconds.map((pts) => Math.round(pts * 30) % 50));
      }
    });

    test('an edit list: what was cut off is not shown', async () => {
      const { ptsSeconds, frames } = await readAll(file('edit-list.mp4'), tools);
      const original = ptsSeconds.map((_, index) => pictureNumber(frames, index, 16));
      const expected = ptsSeconds.map((pts) => Math.round((pts + 1.3) * 29.97) % 50);
      original.forEach((number, index) => assert.ok(Math.abs(number - (expected[index] ?? 0)) <= 1, `${original.join()} against ${expected.join()}`));
    });

    test('a raw stream without any timestamps is read at its own rate, and its length is measured', async () => {
      const { ptsSeconds, report } = await readAll(file('raw.h264'), tools);
      // 209 frame times of 1/29.97 s; the 2018 build lets such streams begin up to a frame late, which may reach an eighth second.
      assert.ok(ptsSeconds.length === 7 || ptsSeconds.length === 8, String(ptsSeconds.length));
      assert.ok(ptsSeconds.every((pts, index) => pts >= index && pts < index + 0.1));
      assert.ok(Math.abs(report.durationSeconds - 7) < 0.2, String(report.durationSeconds));
    });

    test('a live recording without a duration has one once it was read', async () => {
      const { report } = await readAll(file('live.mkv'), tools);
      assert.ok(Math.abs(report.durationSeconds - 7) < 0.1, String(report.durationSeconds));
    });

    test('a transport stream whose clock starts again goes on where it was', async () => {
      const { ptsSeconds } = await readAll(file('clock-restarts.ts'), tools);
      assert.ok(ptsSeconds.length >= 13, `${ptsSeconds.length} frames`);
      ptsSeconds.forEach((pts, index) => assert.ok(index === 0 || pts > (ptsSeconds[index - 1] ?? 0)));
    });

    test('half a second is one frame', async () => {
      const { ptsSeconds, report } = await readAll(file('half-a-second.mp4'), tools);
      assert.deepEqual(ptsSeconds, [0]);
      assert.ok(Math.abs(report.durationSeconds - 0.48) < 0.01);
    });
  });
}
