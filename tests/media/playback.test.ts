import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { findMediaTools, forecastProxyBytes, judgePlayability, makePoster, makeProxy, makeWaveform, probeVideo, readStill } from '../../engine/media/index.ts';
import { parseProgressLine } from '../../engine/media/transcode-progress.ts';
import { chooseBucketRate, PeakReader } from '../../engine/media/waveform.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { fc, runs } from '../support/properties.ts';

const scratch = scratchDirectory('playback');
const at = (name: string): string => path.join(scratch, name);

/** A test picture of 12 seconds; its sound is a tone from second 4 to 8 and silence around it. */
async function make(name: string, codecs: readonly string[], { size = '160x90', sound = true } = {}): Promise<string> {
  const { ffmpeg } = await findMediaTools();
  const inputs = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=12`,
    ...(sound ? ['-f', 'lavfi', '-i', "aevalsrc='if(between(t,4,8),0.5*sin(440*2*PI*t),0)':d=12:s=16000"] : [])];
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', ...inputs, ...codecs, at(name)], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return at(name);
}
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

suite('what Chromium plays', () => {
  const judge = (container: string, video: string, ...audio: string[]): string => {
    const judged = judgePlayability({ container, video: { codec: video }, audio: audio.map((codec) => ({ codec })) });
    return judged.playable ? 'plays' : judged.reencode ? 'encode' : 'remux';
  };
  test('as it was measured', () => {
    const mp4 = 'mov,mp4,m4a,3gp,3g2,mj2';
    const mkv = 'matroska,webm';
    const cases: readonly (readonly [expected: string, container: string, video: string, ...audio: string[]])[] = [
      ['plays', mp4, 'h264', 'aac'], ['plays', mp4, 'av1'], ['plays', mkv, 'vp8', 'vorbis'], ['plays', mkv, 'vp9', 'opus'], ['plays', mkv, 'h264', 'flac'], ['plays', mp4, 'h264', 'pcm_s16le'],
      ['remux', mkv, 'h264', 'ac3'], ['remux', mp4, 'h264', 'alac', 'aac'], ['remux', 'mpegts', 'h264', 'aac'], ['remux', 'avi', 'h264'], ['remux', 'flv', 'h264', 'aac'],
      ['encode', mp4, 'hevc', 'aac'], ['encode', 'avi', 'mpeg4', 'mp3'], ['encode', 'mpeg', 'mpeg2video', 'mp2'], ['encode', mkv, 'prores'], ['encode', 'ogg', 'theora', 'vorbis'], ['encode', 'avi', 'vp8'],
    ];
    for (const [expected, container, video, ...audio] of cases) assert.equal(judge(container, video, ...audio), expected, `${container} ${video} ${audio.join(' ')}`);
  });
});

suite('a copy that plays', () => {
  test('keeps the pictures where only the container is the trouble, and reports how far it is', async () => {
    const probe = await probeVideo(await make('stream.ts', [...h264, '-c:a', 'aac']));
    const seconds: number[] = [];
    await makeProxy(probe, at('stream.mp4'), { onProgress: ({ done, total }) => { seconds.push(done); assert.equal(total, probe.durationSeconds); } });
    const made = await probeVideo(at('stream.mp4'));
    assert.deepEqual([judgePlayability(made).playable, made.video.width, made.video.codec], [true, 160, 'h264']);
    assert.ok(Math.abs((made.durationSeconds ?? 0) - 12) < 0.3 && Math.abs(made.startSeconds) < 0.1, `${made.durationSeconds} from ${made.startSeconds}`);
    assert.ok(seconds.length > 0 && (seconds.at(-1) ?? 0) > 11);
    assert.ok(statSync(at('stream.mp4')).size < forecastProxyBytes(probe));
    const bytes = readFileSync(at('stream.mp4'));
    assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'the index comes first');
  });

  test('encodes other pictures again, at most 720 lines, with sound that plays', async () => {
    const probe = await probeVideo(await make('old.avi', ['-c:v', 'mpeg4', '-c:a', 'ac3'], { size: '1920x1080' }));
    await makeProxy(probe, at('old.mp4'));
    const made = await probeVideo(at('old.mp4'));
    assert.deepEqual([made.video.width, made.video.height, made.video.codec, made.video.pixelFormat, made.audio[0]?.codec], [1280, 720, 'h264', 'yuv420p', 'aac']);
    assert.ok(Math.abs((made.durationSeconds ?? 0) - 12) < 0.3);
  });

  test('stops when it is cancelled, and says what ffmpeg said when it fails', async () => {
    const probe = await probeVideo(at('old.avi'));
    const controller = new AbortController();
    await assert.rejects(makeProxy(probe, at('cancelled.mp4'), { signal: controller.signal, onProgress: () => { controller.abort(); } }), (error) => isLongtakeError(error, 'cancelled'));
    await assert.rejects(makeProxy(probe, at('no folder/x.mp4')), (error) => isLongtakeError(error, 'ffmpeg-failed') && error.message.includes('No such file'));
    assert.deepEqual(['out_time_us=1500000', 'out_time_ms=2000000', 'out_time=00:00:01', 'progress=end', 'out_time_us=N/A'].map(parseProgressLine), [1.5, 2, undefined, undefined, undefined]);
  });
});

suite('a poster', () => {
  test('is a JPEG in the film\'s proportions, also of a file that cannot be sought in', async () => {
    await makePoster(await probeVideo(at('stream.ts')), at('poster.jpg'));
    const made = readFileSync(at('poster.jpg'));
    assert.deepEqual([...made.subarray(0, 2)], [0xff, 0xd8]);
    const { ffprobe } = await findMediaTools();
    assert.equal(spawnSync(ffprobe, ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', at('poster.jpg')], { encoding: 'utf8' }).stdout.trim(), '480,270');
  });
});

suite('a still', () => {
  test('is the picture of its second, and there is none behind the end', async () => {
    const probe = await probeVideo(at('old.avi'));
    const [first, later] = [await readStill(probe, 0), await readStill(probe, 5.5)];
    assert.deepEqual([Buffer.from(first).subarray(0, 2).toString('hex'), Buffer.from(later).subarray(0, 2).toString('hex')], ['ffd8', 'ffd8']);
    assert.ok(!Buffer.from(first).equals(later));
    await assert.rejects(readStill(probe, 1e6), (error) => isLongtakeError(error, 'no-frames'));
  });
});

suite('a waveform', () => {
  before(async () => { await make('tone.mkv', [...h264, '-c:a', 'flac']); });

  test('is loud where there is a tone and nothing where there is silence, bucket by bucket', async () => {
    const made = await makeWaveform(await probeVideo(at('tone.mkv')));
    assert.ok(made !== undefined);
    assert.equal(made.bucketsPerSecond, 10);
    assert.ok(Math.abs(made.peaks.length - 120) <= 1, String(made.peaks.length));
    const loud = [...made.peaks.keys()].filter((bucket) => (made.peaks[bucket] ?? 0) > 128);
    assert.ok(Math.abs((loud[0] ?? 0) - 40) <= 1 && Math.abs((loud.at(-1) ?? 0) - 79) <= 1, `${loud[0]} to ${loud.at(-1)}`);
    assert.ok(Math.abs((made.peaks[60] ?? 0) - 255 * Math.sqrt(0.5)) < 6, String(made.peaks[60]));
    assert.equal(made.peaks[10], 0);
  });

  test('there is none without sound, and ten hours fit into 400 kB', async () => {
    assert.equal(await makeWaveform(await probeVideo(await make('silent.mp4', h264, { sound: false }))), undefined);
    for (const hours of [0.1, 1, 8, 10, 24, 70]) {
      const rate = chooseBucketRate(hours * 3600);
      assert.ok(Math.ceil((rate * hours * 3600) / 3) * 4 <= 400_000 && 8000 % rate === 0, `${hours} h: ${rate}`);
    }
    assert.deepEqual([chooseBucketRate(3600), chooseBucketRate(36_000)], [10, 8]);
  });

  test('does not depend on how the samples arrive', () => {
    fc.assert(fc.property(fc.int16Array({ maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (samples, cuts) => {
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      const reader = new PeakReader(4);
      for (let from = 0, index = 0; from < bytes.length; index++) {
        const to = from + (cuts[index % cuts.length] ?? 1);
        reader.push(bytes.subarray(from, to));
        from = to;
      }
      const expected = Array.from({ length: Math.ceil(samples.length / 4) }, (_, bucket) =>
        Math.round(Math.sqrt(Math.min(1, Math.max(...samples.slice(bucket * 4, bucket * 4 + 4).map(Math.abs), ...samples.slice(bucket * 4, bucket * 4 + 4).includes(-32768) ? [32767] : []) / 32767)) * 255));
      assert.deepEqual([...reader.finish()], expected);
    }), { numRuns: runs(200) });
  });

  test('a file whose sound is broken is a failure, not silence', async () => {
    const probe = await probeVideo(at('tone.mkv'));
    writeFileSync(at('broken.mkv'), readFileSync(at('tone.mkv')).subarray(0, 600));
    await assert.rejects(makeWaveform({ ...probe, path: at('broken.mkv') }), (error) => isLongtakeError(error, 'ffmpeg-failed'));
  });
});
