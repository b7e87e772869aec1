import assert from 'node:assert/strict';
import { appendFile, copyFile, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { startTool } from '../../engine/media/child-process.ts';
import { DecodeChannels } from '../../engine/media/decode-channels.ts';
import { planDecode } from '../../engine/media/decode-plan.ts';
import { SecondGate } from '../../engine/media/frame-selection.ts';
import { probeVideo, readFrames, type FrameBatch, type MediaTools } from '../../engine/media/index.ts';
import { failsWith, ffmpeg, firstOfEachSecond, framesByProbe, generations, h264, makeFolder, readAll } from './zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

const minute = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=10:d=70'];
await Promise.all([
  ffmpeg(...minute, ...h264, '-bf', '3', file('closed.mp4')),
  ffmpeg(...minute, ...h264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=48:b-pyramid=normal', file('open.mkv')),
  ffmpeg(...minute, ...h264, '-bf', '2', '-x264-params', 'intra-refresh=1:keyint=100', file('refresh.mp4')),
  ffmpeg(...minute, ...h264, '-bf', '2', '-g', '37', '-output_ts_offset', '100.3', file('late.ts')),
  ffmpeg(...minute, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '64', file('vp9.webm')),
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=16x16:r=2:d=600', ...h264, file('ten-minutes.mp4')),
]);
await ffmpeg('-i', file('closed.mp4'), '-c', 'copy', '-f', 'h264', file('raw.h264'));

async function open(name: string, tools: MediaTools, batchFrames = 4, signal?: AbortSignal): Promise<AsyncIterator<FrameBatch>> {
  const probe = await probeVideo(file(name), { tools });
  return readFrames(file(name), probe, { imageSize: 128, tools, batchFrames, signal })[Symbol.asyncIterator]();
}

for (const { name: generation, tools } of generations) {
  describe(`reading with the ${generation} ffmpeg`, () => {
    for (const name of ['closed.mp4', 'open.mkv', 'refresh.mp4', 'late.ts', 'vp9.webm', 'raw.h264']) {
      test(`${name}: what follows a resume has the same bytes as a reading without one`, async () => {
        const whole = await readAll(file(name), tools);
        assert.ok(whole.ptsSeconds.length >= 70);
        for (const kept of [1, 33, 48, whole.ptsSeconds.length - 1]) {
          const commands: string[] = [];
          const rest = await readAll(file(name), tools, { resumeAfterPtsSeconds: whole.ptsSeconds[kept - 1], onCommand: (line) => commands.push(line) });
          assert.deepEqual(rest.ptsSeconds, whole.ptsSeconds.slice(kept));
          assert.ok(Buffer.from(whole.frames).subarray(kept * 16 * 16 * 3).equals(Buffer.from(rest.frames)), `frames after ${kept}`);
          assert.ok(Buffer.concat(whole.thumbnails.slice(kept)).equals(Buffer.concat(rest.thumbnails)), `thumbnails after ${kept}`);
          assert.deepEqual(rest.report.gaps, []);
          assert.equal(commands.some((line) => line.includes('-ss ')), kept > 20 && /mp4|mkv|webm/.test(name), 'the beginning is only decoded again where a seek is not safe');
        }
      });
    }

    test('resuming behind the last frame gives nothing and no error', async () => {
      const rest = await readAll(file('closed.mp4'), tools, { resumeAfterPtsSeconds: 69 });
      assert.deepEqual(rest.ptsSeconds, []);
      assert.equal(rest.report.frames, 0);
    });

    test('batches have the size that was asked for, and the same frames whatever it is', async () => {
      const one = await readAll(file('closed.mp4'), tools, { batchFrames: 1 });
      const many = await readAll(file('closed.mp4'), tools, { batchFrames: 32 });
      assert.ok(Buffer.from(one.frames).equals(Buffer.from(many.frames)));
      const sizes: number[] = [];
      const probe = await probeVideo(file('closed.mp4'), { tools });
      for await (const batch of readFrames(file('closed.mp4'), probe, { imageSize: 8, tools })) {
        sizes.push(batch.ptsSeconds.length);
        assert.equal(batch.frames.length, batch.ptsSeconds.length * 8 * 8 * 3);
        assert.equal(batch.thumbnails.length, batch.ptsSeconds.length);
      }
      assert.deepEqual(sizes, [32, 32, 6]);
    });

    test('pictures larger than a pipe do not make ffmpeg and its reader wait for each other', async () => {
      const { ptsSeconds, thumbnails } = await readAll(file('closed.mp4'), tools, { imageSize: 384 });
      assert.deepEqual([ptsSeconds.length, thumbnails.length], [70, 70]);
    });

    test('ffmpeg waits while nobody takes frames', async (context) => {
      const probe = await probeVideo(file('ten-minutes.mp4'), { tools });
      const plan = planDecode(probe, { imageSize: 256, thumbnailWidth: 160, mode: 'exact', nonce: 'n' }, tools);
      const tool = startTool(tools.ffmpeg, plan.args, ['ignore', 'pipe', 'pipe', 'pipe']);
      context.after(() => tool.stop());
      let decoded = 0;
      const channels = new DecodeChannels(tool, 'n', 256, (event) => { decoded += event.kind === 'frame' ? 1 : 0; });
      const batches = channels.batches(new SecondGate(), 8);
      await batches.next();
      // For as long as the same command takes to its end where nobody holds it back, however busy the machine is.
      const unheld = startTool(tools.ffmpeg, plan.args, ['ignore', 'pipe', 'pipe', 'pipe']);
      for (const stream of unheld.child.stdio) if (stream instanceof Readable) stream.resume();
      assert.equal((await unheld.exited).exitCode, 0);
      const whileIdle = decoded;
      assert.ok(whileIdle < 8 + 8, `${whileIdle} frames were decoded for 8`);
      await batches.next();
      assert.ok(decoded > whileIdle);
      await batches.return(undefined);
    });

    test('stopping kills ffmpeg at once and is no failure', { timeout: 60_000 }, async (context) => {
      const controller = new AbortController();
      const iterator = await open('ten-minutes.mp4', tools, 4, controller.signal);
      await iterator.next();
      context.mock.timers.enable({ apis: ['setTimeout'] }); // whoever gave it some time first would wait for ever
      controller.abort();
      await failsWith(iterator.next(), 'cancelled', /^Stopped\.$/);
      assert.deepEqual(await childrenOfThisProcess(), []);
    });

    test('leaving the loop early leaves no process behind', async () => {
      const iterator = await open('ten-minutes.mp4', tools);
      await iterator.next();
      assert.equal((await childrenOfThisProcess()).length, process.platform === 'linux' ? 1 : 0);
      await iterator.return?.();
      assert.deepEqual(await childrenOfThisProcess(), []);
    });

    test('a signal that has fired already starts nothing', async () => {
      await failsWith((await open('closed.mp4', tools, 4, AbortSignal.abort())).next(), 'cancelled', /^Stopped\.$/);
    });

    test('a file that vanishes, grows, or is replaced while it is read is noticed', async () => {
      const changes: readonly { change: (path: string) => Promise<void>; message: RegExp }[] = [
        { change: (path) => rm(path), message: /changing\.mp4" disappeared while it was being read\. Put it back/ },
        { change: (path) => appendFile(path, 'more'), message: /changing\.mp4" changed while it was being read \(\d+ bytes before, \d+ now\)\. Wait until it is complete/ },
        { change: (path) => utimes(path, new Date(), new Date(0)), message: /changing\.mp4" was written to while it was being read\. Start again\.$/ },
      ];
      for (const { change, message } of changes) {
        await copyFile(file('ten-minutes.mp4'), file('changing.mp4'));
        const iterator = await open('changing.mp4', tools);
        await iterator.next();
        await change(file('changing.mp4'));
        await failsWith(iterator.next(), 'file-changed', message);
        assert.deepEqual(await childrenOfThisProcess(), []);
      }
    });

    test('a file that is another one than was looked into is refused', async () => {
      await copyFile(file('closed.mp4'), file('changing.mp4'));
      const probe = await probeVideo(file('changing.mp4'), { tools });
      await writeFile(file('changing.mp4'), (await readFile(file('changing.mp4'))).subarray(0, 5000));
      await failsWith(readFrames(file('changing.mp4'), probe, { imageSize: 16, tools })[Symbol.asyncIterator]().next(), 'file-changed', /is not the one that was looked into/);
    });

    test('fast reading gives one frame for every second too, never early and at most a group of B-frames late', async () => {
      const exact = await readAll(file('closed.mp4'), tools);
      const fast = await readAll(file('closed.mp4'), tools, { mode: 'fast' });
      assert.deepEqual(fast.ptsSeconds.map(Math.floor), exact.ptsSeconds.map(Math.floor));
      fast.ptsSeconds.forEach((pts, index) => {
        const late = pts - (exact.ptsSeconds[index] ?? 0);
        assert.ok(late >= 0 && late <= 0.3 + 1e-6, `second ${index}: ${late}`);
      });
      assert.deepEqual(exact.ptsSeconds, firstOfEachSecond(await framesByProbe(file('closed.mp4'), tools)).map(({ ptsSeconds }) => ptsSeconds));
    });

    test('progress counts seconds of the video', async () => {
      const seen: number[] = [];
      await readAll(file('closed.mp4'), tools, { batchFrames: 32, onProgress: ({ done, total }) => { seen.push(done); assert.equal(total, 70); } });
      assert.deepEqual(seen, [31, 63, 69]);
    });
  });
}

test('the report exists only at the end', async () => {
  const probe = await probeVideo(file('closed.mp4'));
  assert.throws(() => readFrames(file('closed.mp4'), probe, { imageSize: 16 }).report(), /once all its frames were read/);
  assert.throws(() => readFrames(file('closed.mp4'), probe, { imageSize: 0.5 }), /imageSize must be a whole number of pixels, not 0\.5/);
});

/** Process ids, where the system tells them. */
async function childrenOfThisProcess(): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const text = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter((id) => id.trim() !== '');
}
