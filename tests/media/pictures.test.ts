import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { probeVideo } from '../../engine/media/index.ts';
import { ffmpeg, generations, h264, makeFolder, passThrough, readAll, tools as found } from './zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

/** Quadrants: red and green above, blue and white below. */
const quadrants = 'color=red:s=32x32:r=5:d=1[a];color=lime:s=32x32:r=5:d=1[b];color=blue:s=32x32:r=5:d=1[c];color=white:s=32x32:r=5:d=1[d];[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack,format=yuv444p';
await ffmpeg('-filter_complex', quadrants, '-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast', file('upright.mp4'));

/** Writes a display matrix [a b; c d] into the track header, as a camera does. */
async function writeDisplayMatrix(name: string, [a, b, c, d]: readonly [number, number, number, number]): Promise<void> {
  const bytes = await readFile(file('upright.mp4'));
  const matrix = bytes.indexOf('tkhd') + 4 + 4 + 36;
  [a, b, 0, c, d, 0, 0, 0].forEach((value, index) => bytes.writeInt32BE(value * 65536, matrix + 4 * index));
  await writeFile(file(name), bytes);
}

/** The colours of the four quadrants, as letters in reading order. */
function readQuadrants(frames: Uint8Array, size: number): string {
  return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x = 0, y = 0]) => {
    const offset = 3 * (Math.floor((size * y) / 4) * size + Math.floor((size * x) / 4));
    const bits = [0, 1, 2].map((channel) => ((frames[offset + channel] ?? 0) > 127 ? 1 : 0)).join('');
    return { 100: 'r', '010': 'g', '001': 'b', 111: 'w' }[bits] ?? '?';
  }).join('');
}

/** Mean of a channel over one frame. */
function mean(frames: Uint8Array, channel: number, length: number): number {
  let sum = 0;
  for (let offset = channel; offset < length; offset += 3) sum += frames[offset] ?? 0;
  return sum / (length / 3);
}

/** How much the lines of one field stand apart from those of the other: high on a comb, low on a picture. */
function combing(frames: Uint8Array, size: number, frame: number): number {
  const at = (x: number, y: number): number => frames[3 * ((frame * size + y) * size + x)] ?? 0;
  let sum = 0;
  for (let y = 2; y < size - 2; y += 1) for (let x = 0; x < size; x += 1) sum += Math.max(0, Math.abs(at(x, y) - at(x, y - 1)) - Math.abs(at(x, y) - at(x, y - 2)));
  return sum / size / size;
}

async function jpegSize(jpeg: Uint8Array | undefined): Promise<{ width: number; height: number }> {
  await writeFile(file('one.jpg'), jpeg ?? new Uint8Array());
  const { execFileSync } = await import('node:child_process');
  const [width, height] = execFileSync(found.ffprobe, ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', file('one.jpg')], { encoding: 'utf8' }).trim().split(',').map(Number);
  return { width: width ?? 0, height: height ?? 0 };
}

const turned: readonly { name: string; matrix: readonly [number, number, number, number]; quadrants: string; rotationDegrees: number }[] = [
  { name: 'upright', matrix: [1, 0, 0, 1], quadrants: 'rgbw', rotationDegrees: 0 },
  { name: 'turned by 90 degrees', matrix: [0, 1, -1, 0], quadrants: 'brwg', rotationDegrees: 90 },
  { name: 'upside down', matrix: [-1, 0, 0, -1], quadrants: 'wbgr', rotationDegrees: 180 },
  { name: 'turned by 270 degrees', matrix: [0, -1, 1, 0], quadrants: 'gwrb', rotationDegrees: 270 },
  { name: 'mirrored', matrix: [-1, 0, 0, 1], quadrants: 'grwb', rotationDegrees: 0 },
  { name: 'mirrored and upside down', matrix: [1, 0, 0, -1], quadrants: 'bwrg', rotationDegrees: 180 },
  { name: 'transposed', matrix: [0, 1, 1, 0], quadrants: 'rbgw', rotationDegrees: 90 },
  { name: 'transposed the other way', matrix: [0, -1, -1, 0], quadrants: 'wgbr', rotationDegrees: 270 },
];
for (const { name, matrix } of turned) await writeDisplayMatrix(`${name}.mp4`, matrix);

const moving = "testsrc2=s=96x64:r=50:d=2,crop=w=64:h=64:x='mod(3*n,32)'";
const hdrTags = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc', '-color_range', 'tv'];
await Promise.all([
  ffmpeg('-f', 'lavfi', '-i', 'color=gray:s=72x58:r=5:d=1', '-vf', 'setsar=16/11', ...h264, file('anamorphic.mp4')),
  ffmpeg('-f', 'lavfi', '-i', 'color=gray:s=64x36:r=5:d=1', '-vf', 'format=yuv420p10le', '-c:v', 'ffv1', file('ten-bit.mkv')),
  ffmpeg('-f', 'lavfi', '-i', "color=black:s=64x36:r=5:d=1,format=yuv420p10le,geq=lum=520:cb=512:cr=512", '-c:v', 'ffv1', ...hdrTags, file('hdr.mkv')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=2x2:r=5:d=1', ...h264, file('2x2.mp4')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=7680x4320:r=1:d=2', '-c:v', 'mjpeg', '-q:v', '20', '-pix_fmt', 'yuvj420p', file('8k.mkv')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=40x400:r=5:d=1', ...h264, file('narrow.mp4')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x64:r=5:d=2', file('animated.gif')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x36:r=5:d=1', '-vf', 'format=yuv444p,scale=out_color_matrix=bt709', '-c:v', 'ffv1', '-colorspace', 'bt709', '-color_range', 'tv', file('bt709.mkv')),
  ffmpeg('-f', 'lavfi', '-i', moving, '-vf', 'tinterlace=interleave_top,fieldorder=tff', '-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ildct+ilme', '-pix_fmt', 'yuv420p', file('interlaced.mpg')),
  ffmpeg('-f', 'lavfi', '-i', moving, '-vf', 'tinterlace=interleave_top,setfield=prog', '-c:v', 'mpeg2video', '-q:v', '2', '-pix_fmt', 'yuv420p', file('comb.mpg')),
  ffmpeg('-f', 'lavfi', '-i', 'color=red:s=64x36:r=5:d=2.4', ...h264, '-bf', '0', file('small.ts')),
  ffmpeg('-f', 'lavfi', '-i', 'color=blue:s=36x64:r=5:d=2.4', ...h264, '-bf', '0', '-output_ts_offset', '2.4', ...passThrough, file('large.ts')),
]);
await writeFile(file('size-changes.ts'), Buffer.concat([await readFile(file('small.ts')), await readFile(file('large.ts'))]));

for (const { name: generation, tools } of generations) {
  describe(`pictures with the ${generation} ffmpeg`, () => {
    for (const { name, quadrants: expected, rotationDegrees } of turned) {
      test(`a video that is ${name} is shown as the camera meant it`, async () => {
        const { frames, thumbnails } = await readAll(file(`${name}.mp4`), tools, { imageSize: 32 });
        assert.equal(readQuadrants(frames, 32), expected);
        assert.equal((await probeVideo(file(`${name}.mp4`), { tools })).video.rotationDegrees, rotationDegrees);
        await writeFile(file('turned.jpg'), thumbnails[0] ?? new Uint8Array());
        await ffmpeg('-i', file('turned.jpg'), '-vf', 'scale=32:32', '-pix_fmt', 'rgb24', '-f', 'rawvideo', file('turned.raw'));
        assert.equal(readQuadrants(await readFile(file('turned.raw')), 32), expected, 'the thumbnail too');
      });
    }

    test('pixels that are not square give a thumbnail in the proportions of the screen', async () => {
      const { video } = await probeVideo(file('anamorphic.mp4'), { tools });
      assert.deepEqual([video.displayWidth, video.displayHeight], [105, 58]);
      const { thumbnails } = await readAll(file('anamorphic.mp4'), tools);
      assert.deepEqual(await jpegSize(thumbnails[0]), { width: 160, height: 88 });
    });

    test('a very narrow picture gets a thumbnail of bounded height', async () => {
      assert.deepEqual(await jpegSize((await readAll(file('narrow.mp4'), tools)).thumbnails[0]), { width: 160, height: 480 });
    });

    test('ten bits are read as eight', async () => {
      assert.equal((await probeVideo(file('ten-bit.mkv'), { tools })).video.bitDepth, 10);
      const { frames } = await readAll(file('ten-bit.mkv'), tools);
      assert.ok(Math.abs(mean(frames, 0, frames.length) - 128) <= 2, String(mean(frames, 0, frames.length)));
    });

    test('HDR is mapped: the grey of about 100 nits is bright, not the dim grey of its code', async () => {
      assert.equal((await probeVideo(file('hdr.mkv'), { tools })).video.hdr, 'pq');
      const { frames, report, thumbnails } = await readAll(file('hdr.mkv'), tools);
      const level = mean(frames, 0, frames.length);
      assert.ok(level > 140 && level < 240, String(level));
      assert.equal(thumbnails.length, 1);
      assert.deepEqual(report.warnings, []);
    });

    test('HDR without the filter for it is read plainly, and the user is told', async () => {
      const { report, ptsSeconds } = await readAll(file('hdr.mkv'), { ...tools, hasToneMapping: false });
      assert.equal(ptsSeconds.length, 1);
      assert.match(report.warnings.join(), /HDR video .* washed out/);
    });

    test('colours of BT.709 come out as they went in', async () => {
      const { frames } = await readAll(file('bt709.mkv'), tools);
      assert.ok(mean(frames, 0, frames.length) > 250);
      assert.ok(mean(frames, 1, frames.length) < 4, String(mean(frames, 1, frames.length)));
    });

    for (const name of ['2x2.mp4', '8k.mkv', 'animated.gif']) {
      test(`${name} is read like any other`, async () => {
        const { frames, thumbnails, ptsSeconds } = await readAll(file(name), tools, { imageSize: 24 });
        assert.equal(ptsSeconds.length, name === '2x2.mp4' ? 1 : 2);
        assert.equal(thumbnails.length, ptsSeconds.length);
        assert.ok(mean(frames, 0, frames.length) > 240 && mean(frames, 2, frames.length) < 20);
      });
    }

    test('interlaced pictures lose their comb, and pictures that are not flagged are left alone', async () => {
      const size = 64;
      const interlaced = await readAll(file('interlaced.mpg'), tools, { imageSize: size });
      const comb = await readAll(file('comb.mpg'), tools, { imageSize: size });
      assert.equal((await probeVideo(file('interlaced.mpg'), { tools })).video.fieldOrder, 'interlaced');
      assert.ok(combing(interlaced.frames, size, 1) < 0.6 * combing(comb.frames, size, 1), `${combing(interlaced.frames, size, 1)} against ${combing(comb.frames, size, 1)}`);
    });

    test('a picture size that changes in the middle changes nothing for the reader', async () => {
      const { frames, ptsSeconds, thumbnails } = await readAll(file('size-changes.ts'), tools, { imageSize: 16 });
      assert.deepEqual(ptsSeconds.map(Math.floor), [0, 1, 2, 3, 4]);
      assert.equal(thumbnails.length, 5);
      const frameLength = 16 * 16 * 3;
      assert.ok(mean(frames.subarray(0, frameLength), 0, frameLength) > 240);
      assert.ok(mean(frames.subarray(4 * frameLength), 2, frameLength) > 240);
      assert.deepEqual(await jpegSize(thumbnails[4]), await jpegSize(thumbnails[0]));
    });
  });
}
