import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile, chmod } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { fingerprintVideo, probeVideo } from '../../engine/media/index.ts';
import { failsWith, ffmpeg, generations, h264, makeFolder, numbered, readAll, spoil } from './zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=20', ...h264, '-bf', '2', '-g', '50', '-movflags', '+faststart', file('whole.mp4'));
await Promise.all([
  ffmpeg('-i', file('whole.mp4'), '-c', 'copy', file('index-at-the-end.mp4')),
  ffmpeg('-i', file('whole.mp4'), '-c', 'copy', file('whole.mkv')),
  ffmpeg('-i', file('whole.mp4'), '-c', 'copy', file('whole.ts')),
  ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac', file('sound.m4a')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32:d=1', '-frames:v', '1', file('picture.png')),
  ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', '-f', 'lavfi', '-i', 'color=red:s=32x32:d=0.1', '-map', '0', '-map', '1', '-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-disposition:v:0', 'attached_pic', file('cover.m4a')),
  ffmpeg(...numbered('1/5', 40), ...h264, file('slides.mp4')),
]);
const whole = await readFile(file('whole.mp4'));
const transport = await readFile(file('whole.ts'));
const packet = 188;
await Promise.all([
  mkdir(file('folder.mp4')),
  writeFile(file('empty.mp4'), ''),
  writeFile(file('text.mp4'), 'This is a letter, not a video.\n'.repeat(100)),
  writeFile(file('playlist.mp4'), '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n'),
  writeFile(file('concat.mp4'), `ffconcat version 1.0\nfile '${file('whole.mp4')}'\n`),
  readFile(file('picture.png')).then((bytes) => writeFile(file('picture.mp4'), bytes)),
  writeFile(file('subtitles.mp4'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nYou\n'),
  writeFile(file('cut-off.mp4'), whole.subarray(0, whole.length / 2)),
  readFile(file('index-at-the-end.mp4')).then((bytes) => writeFile(file('no-index.mp4'), bytes.subarray(0, bytes.length / 2))),
  readFile(file('whole.mkv')).then((bytes) => writeFile(file('cut-off.mkv'), bytes.subarray(0, bytes.length / 2))),
  spoil(file('whole.mp4'), file('zeros.mp4'), 0.4, 0.6),
  spoil(file('whole.mp4'), file('noise.mp4'), 0.4, 0.6, (index) => (index * 7919) % 251),
  spoil(file('whole.mkv'), file('zeros.mkv'), 0.4, 0.6),
  spoil(file('whole.ts'), file('zeros.ts'), 0.4, 0.6),
  spoil(file('whole.mp4'), file('scratch.mp4'), 0.5, 0.501, (index) => index & 0xff),
  spoil(file('whole.mp4'), file('nothing-decodable.mp4'), (whole.indexOf('mdat') + 4) / whole.length, 1),
  writeFile(file('noise.bin.mp4'), Uint8Array.from({ length: 5000 }, (_, index) => (index * index * 7919) >> 3)),
  writeFile(file('lost-packets.ts'), Buffer.concat([
    transport.subarray(0, Math.floor((transport.length * 0.4) / packet) * packet),
    transport.subarray(Math.floor((transport.length * 0.6) / packet) * packet),
  ])),
]);

/** Files in which nothing can be read: what the user is told. */
const hopeless = [
  { name: 'missing.mp4', code: 'file-not-found', message: /^There is no file ".*missing\.mp4"\. Check the path/ },
  { name: 'folder.mp4', code: 'file-unreadable', message: /folder\.mp4" is a folder\. Give a video file inside it\.$/ },
  { name: 'empty.mp4', code: 'not-a-video', message: /empty\.mp4" is empty \(0 bytes\)\. Copy or download it again\.$/ },
  { name: 'text.mp4', code: 'not-a-video', message: /text\.mp4" is text, not a video, whatever its name ends in\. Give the video file itself\.$/ },
  { name: 'noise.bin.mp4', code: 'not-a-video', message: /noise\.bin\.mp4" is not a video that ffmpeg can open \(Invalid data found when processing input\)\. Check that it plays/ },
  { name: 'playlist.mp4', code: 'not-a-video', message: /playlist\.mp4" is (text, not a video|a list that points)/ },
  { name: 'concat.mp4', code: 'not-a-video', message: /concat\.mp4" is text, not a video/ },
  { name: 'picture.mp4', code: 'not-a-video', message: /picture\.mp4" is a picture, not a video\. Give a video file\.$/ },
  { name: 'subtitles.mp4', code: 'not-a-video', message: /subtitles\.mp4" is not a video \(ffmpeg reads it as "srt"\)/ },
  { name: 'sound.m4a', code: 'no-video-stream', message: /sound\.m4a" has no picture, only: audio \(aac\)\. Give a file with a video in it\.$/ },
  { name: 'cover.m4a', code: 'no-video-stream', message: /cover\.m4a" has no picture, only: audio \(aac\), video/ },
  { name: 'no-index.mp4', code: 'not-a-video', message: /no-index\.mp4" is incomplete: its index \(the "moov" part of an MP4\) is missing/ },
  { name: 'nothing-decodable.mp4', code: 'no-frames', message: /^No frame of ".*nothing-decodable\.mp4" could be decoded \(codec h264: .*\)\. The file is damaged/ },
] as const;

for (const { name: generation, tools } of generations) {
  describe(`bad files with the ${generation} ffmpeg`, () => {
    for (const { name, code, message } of hopeless) {
      test(`${name} is refused in words that help`, async () => {
        await failsWith(readAll(file(name), tools), code, message);
      });
    }

    for (const name of ['zeros.mp4', 'noise.mp4', 'zeros.mkv', 'zeros.ts', 'lost-packets.ts']) {
      test(`${name}: the readable rest is there and the gap has its seconds`, async () => {
        const { ptsSeconds, thumbnails, report } = await readAll(file(name), tools);
        const seconds = ptsSeconds.map(Math.floor);
        assert.equal(thumbnails.length, seconds.length);
        assert.ok([0, 1, 2, 3, 4, 5, 6].every((second) => seconds.includes(second)), seconds.join());
        assert.ok([17, 18, 19].every((second) => seconds.includes(second)), seconds.join());
        const lost = report.gaps.filter((gap) => gap.reason === 'unreadable');
        const missing = Array.from({ length: 20 }, (_, second) => second).filter((second) => !seconds.includes(second));
        assert.ok(missing.length >= 3, 'the damage is meant to cost whole seconds');
        for (const second of missing) assert.ok(lost.some((gap) => gap.startSeconds <= second && second < gap.endSeconds), `second ${second} is in no gap: ${JSON.stringify(report.gaps)}`);
        assert.ok(lost.every((gap) => gap.startSeconds >= 6 && gap.endSeconds <= 17 && gap.detail !== ''), JSON.stringify(lost));
        assert.equal(report.durationSeconds, 20);
      });
    }

    test('a scratch costs no second, but is reported as damage', async () => {
      const { ptsSeconds, report } = await readAll(file('scratch.mp4'), tools);
      assert.equal(ptsSeconds.length, 20);
      assert.equal(report.gaps.length, 1);
      assert.equal(report.gaps[0]?.reason, 'damaged');
      assert.ok((report.gaps[0]?.startSeconds ?? 0) >= 8 && (report.gaps[0]?.endSeconds ?? 99) <= 13, JSON.stringify(report.gaps));
    });

    for (const name of ['cut-off.mp4', 'cut-off.mkv']) {
      test(`${name}: the missing end is reported`, async () => {
        const { ptsSeconds, report } = await readAll(file(name), tools);
        assert.ok(ptsSeconds.length >= 9 && ptsSeconds.length <= 11, String(ptsSeconds.length));
        const gap = report.gaps.at(-1);
        assert.equal(gap?.reason, 'truncated');
        assert.deepEqual([gap?.startSeconds, gap?.endSeconds], [ptsSeconds.length, 20]);
        assert.equal(report.durationSeconds, 20);
      });
    }

    test('slides that stand for seconds are no gap', async () => {
      const { ptsSeconds, report } = await readAll(file('slides.mp4'), tools);
      assert.deepEqual(ptsSeconds, [0, 5, 10, 15, 20, 25, 30, 35]);
      assert.deepEqual(report.gaps, []);
    });
  });
}

test('a file without permission is refused', { skip: process.getuid?.() === 0 ? 'root may read everything' : false }, async () => {
  await writeFile(file('secret.mp4'), whole);
  await chmod(file('secret.mp4'), 0);
  await failsWith(probeVideo(file('secret.mp4')), 'file-unreadable', /permission denied\. Check its permissions\.$/);
});

describe('names', () => {
  const names = ['two words.mp4', 'line\nbreak.mp4', 'émoji 🎬.mp4', '-i.mp4', 'http:example.mp4', 'pipe:0', "quo'te\".mp4", '100%d %03d.mp4', 'semi;colon$(x).mp4', 'file:file.mp4', '[0:v]=\\.mp4'];
  for (const name of names) {
    test(`${JSON.stringify(name)} is only a name`, async () => {
      await writeFile(file(name), whole.subarray());
      const { ptsSeconds } = await readAll(file(name), generations.at(-1)?.tools ?? assert.fail());
      assert.equal(ptsSeconds.length, 20);
    });
  }

  test('a name with a leading dash also works from its own folder', async () => {
    await writeFile(file('-version'), whole);
    const before = process.cwd();
    process.chdir(file('.'));
    try {
      assert.equal((await probeVideo('-version')).durationSeconds, 20);
      assert.match(await fingerprintVideo('-version'), /^v1-/);
    } finally {
      process.chdir(before);
    }
  });

  test('an empty name is refused', async () => {
    await failsWith(probeVideo(''), 'bad-argument', /^No video was named\./);
  });
});

