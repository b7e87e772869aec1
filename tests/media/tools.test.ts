import assert from 'node:assert/strict';
import { appendFile, chmod, copyFile, rename, writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { findMediaTools, fingerprintVideo } from '../../engine/media/index.ts';
import { failsWith, ffmpeg, h264, makeFolder, readAll, tools } from './zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

describe('finding ffmpeg', () => {
  test('the variables come first, and what was found has really run', async () => {
    const found = await findMediaTools({ LONGTAKE_FFMPEG: tools.ffmpeg, LONGTAKE_FFPROBE: tools.ffprobe });
    assert.deepEqual([found.ffmpeg, found.ffprobe, found.source], [tools.ffmpeg, tools.ffprobe, 'environment']);
    assert.match(found.version, /^ffmpeg version /);
  });

  test('a machine with nothing installed uses the binaries that come with the packages', async () => {
    const found = await findMediaTools({});
    assert.ok(found.source === 'installer' || found.source === 'ffmpeg-static');
  });

  test('the search is done once per environment', () => {
    assert.equal(findMediaTools({ PATH: '/a' }), findMediaTools({ PATH: '/a' }));
  });

  test('a variable that names nothing, or something else, is an error that names it', async () => {
    await failsWith(findMediaTools({ LONGTAKE_FFMPEG: file('nowhere') }), 'ffmpeg-missing', /^No working ffmpeg was found\. Tried: .*nowhere \(not there\)\. Install ffmpeg, or set LONGTAKE_FFMPEG to the full path of ffmpeg\.$/);
    await writeFile(file('text'), 'not a program');
    await failsWith(findMediaTools({ LONGTAKE_FFMPEG: file('text') }), 'ffmpeg-missing', /text \(not executable\)/);
    await failsWith(findMediaTools({ LONGTAKE_FFMPEG: process.execPath }), 'ffmpeg-missing', /\(does not run as ffmpeg\)/);
    await failsWith(findMediaTools({ LONGTAKE_FFMPEG: tools.ffmpeg, LONGTAKE_FFPROBE: file('nowhere') }), 'ffmpeg-missing', /^No working ffprobe .* set LONGTAKE_FFPROBE/);
  });

  test('a binary that cannot run here is passed over', { skip: process.platform === 'win32' ? 'needs executable bits' : false }, async () => {
    await writeFile(file('ffmpeg'), 'MZ not for this machine');
    await chmod(file('ffmpeg'), 0o755);
    assert.notEqual((await findMediaTools({ PATH: file('.') })).ffmpeg, file('ffmpeg'));
  });
});

describe('the fingerprint of a video', () => {
  test('stays when the file is moved, and changes with its content or its length', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=4', ...h264, '-qp', '0', file('one.mp4'));
    const before = await fingerprintVideo(file('one.mp4'));
    await rename(file('one.mp4'), file('moved away.mp4'));
    assert.equal(await fingerprintVideo(file('moved away.mp4')), before);
    assert.match(before, /^v1-\d+-[0-9a-f]{32}$/);
    await copyFile(file('moved away.mp4'), file('two.mp4'));
    await appendFile(file('two.mp4'), 'x');
    assert.notEqual(await fingerprintVideo(file('two.mp4')), before);
  });

  test('is refused with the same sentences as the video itself', async () => {
    await failsWith(fingerprintVideo(file('nowhere.mp4')), 'file-not-found', /There is no file/);
    await failsWith(fingerprintVideo(file('.')), 'file-unreadable', /is a folder/);
  });
});

test('ten hours are read to the end without the memory growing with them', async () => {
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=1:d=600', ...h264, '-bf', '0', file('part.mp4'));
  await ffmpeg('-stream_loop', '59', '-i', file('part.mp4'), '-c', 'copy', file('ten hours.mp4'));
  let largest = 0;
  const start = process.memoryUsage().rss;
  const { ptsSeconds, report } = await readAll(file('ten hours.mp4'), tools, { imageSize: 4, thumbnailWidth: 16, onProgress: () => { largest = Math.max(largest, process.memoryUsage().rss - start); } });
  assert.equal(ptsSeconds.length, 36_000);
  assert.equal(ptsSeconds.at(-1), 35_999);
  assert.equal(Math.round(report.durationSeconds), 36_000);
  assert.ok(largest < 200 * 1024 * 1024, `${largest} bytes more`);
});
