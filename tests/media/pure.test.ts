import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileInputArguments, formatCommandLine, showPath } from '../../engine/media/command-line.ts';
import { describeProbe } from '../../engine/media/describe-probe.ts';
import { PacketEnd } from '../../engine/media/duration.ts';
import { fingerprintBlocks } from '../../engine/media/fingerprint.ts';
import { LineSplitter, parseLogLine } from '../../engine/media/frame-log.ts';
import { SecondGate, secondOf } from '../../engine/media/frame-selection.ts';
import { GapTracker } from '../../engine/media/gaps.ts';
import { JpegSplitter } from '../../engine/media/jpeg-splitter.ts';
import { orientationOf, parseDisplayMatrix } from '../../engine/media/orientation.ts';
import { parseLibraryVersion } from '../../engine/media/tools.ts';
import { firstOfEachSecond } from './zoo.ts';
import { fc, runs } from '../support/properties.ts';

describe('the choice of frames', () => {
  const rising = fc.array(fc.integer({ min: 1, max: 4_000_000 }), { maxLength: 200 })
    .chain((steps) => fc.integer({ min: -3_000_000, max: 3_000_000 }).map((start) => {
      let microseconds = start;
      return steps.map((step) => (microseconds += step) / 1e6);
    }));

  test('is the first frame of every second that has one, for any timestamps', () => {
    fc.assert(fc.property(rising, (ptsSeconds) => {
      const gate = new SecondGate();
      assert.deepEqual(ptsSeconds.filter((pts) => gate.accepts(pts)), firstOfEachSecond(ptsSeconds).map((each) => each.ptsSeconds));
    }));
  });

  test('goes on after any frame as if it had not stopped', () => {
    fc.assert(fc.property(rising, fc.nat(), (ptsSeconds, position) => {
      const whole = firstOfEachSecond(ptsSeconds).map((each) => each.ptsSeconds);
      if (whole.length === 0) return;
      const kept = (position % whole.length) + 1;
      const gate = new SecondGate(whole[kept - 1]);
      assert.deepEqual(ptsSeconds.filter((pts) => gate.accepts(pts)), whole.slice(kept));
    }));
  });

  test('takes a timestamp that floating point puts just below a whole second as that second', () => {
    for (const ticks of [24, 25, 30, 49, 90_000, 30_000 / 1001]) {
      for (let second = 0; second < 5000; second += 1) assert.equal(secondOf(Math.round(second * ticks) * (1 / ticks) + (second - Math.round(second * ticks) / ticks)), second);
    }
    assert.equal(secondOf(Number.NaN), Number.NaN);
    assert.equal(new SecondGate().accepts(Number.NaN), false);
  });
});

describe('ffmpeg’s log', () => {
  const nonce = 'ab12';
  const lines: readonly { line: string; event: ReturnType<typeof parseLogLine> }[] = [
    { line: '[showinfo@ab12 @ 0x55b9cb0aac00] [info] n:   1 pts:1001000 pts_time:1.001   pos:    77086 fmt:rgb24 sar:16/9 s:64x64 i:P iskey:0 type:B checksum:EF342CB4 plane_checksum:[EF342CB4] mean:[124] stdev:[119.2]', event: { kind: 'frame', ptsSeconds: 1.001 } },
    { line: '[showinfo@ab12 @ 0x25aecc40] [info] n:   0 pts:      0 pts_time:0       pos:       48 fmt:rgb24 sar:16/9 s:64x64 i:P iskey:1 type:I checksum:3FB70836 plane_checksum:[3FB70836] mean:[123 ] stdev:[120.0 ]', event: { kind: 'frame', ptsSeconds: 0 } },
    { line: '[showinfo@ab12 @ 0x1] [info] n:3661 pts:3661234567 pts_time:3661.23 pos:-1 fmt:rgb24', event: { kind: 'frame', ptsSeconds: 3661.234567 } },
    { line: '[showinfo@ab12 @ 0x55b9cb0aac00] [info] config in time_base: 1/1000000, frame_rate: 30000/1001', event: undefined },
    { line: '[showinfo@ab12 @ 0x55b9cb0aac00] [info]   side data - User Data Unregistered:', event: undefined },
    { line: '[showinfo@ffff @ 0x55b9cb0aac00] [info] n:   1 pts:1001000 pts_time:1.001   pos: 1', event: undefined },
    { line: '[info]     title           : [showinfo@ @ 0x1] [info] n: 1 pts: 5 pts_time:5', event: undefined },
    { line: '[h264 @ 0x55b9cb0aac00] [error] error while decoding MB 3 4, bytestream -5', event: { kind: 'damage', message: 'error while decoding MB 3 4, bytestream -5' } },
    { line: '[warning] file:/tmp/a b.mp4: corrupt decoded frame in stream 0', event: { kind: 'damage', message: 'corrupt decoded frame in stream 0' } },
    { line: '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5] [error] stream 0, offset 0x1a2b: partial file', event: { kind: 'damage', message: 'stream 0, offset 0x1a2b: partial file' } },
    { line: '[mpegts @ 0x55b9] [warning] Packet corrupt (stream = 0, dts = 835200).', event: { kind: 'damage', message: 'Packet corrupt (stream = 0, dts = 835200).' } },
    { line: '[swscaler @ 0x55b9cb106840] [swscaler @ 0x55b9cb113d80] [warning] deprecated pixel format used, make sure you did set range correctly', event: undefined },
    { line: '[warning] -vsync is deprecated. Use -fps_mode', event: undefined },
    { line: '[fatal] Unrecognized option \'nope\'.', event: { kind: 'failure', message: "Unrecognized option 'nope'." } },
    { line: '[AVFilterGraph @ 0x1] [error] No such filter: \'bwdif\'', event: { kind: 'failure', message: "No such filter: 'bwdif'" } },
    { line: 'frame=    6 fps=0.0 q=-0.0 Lq=6.0 size=      72kB time=00:00:05.03', event: undefined },
  ];
  for (const { line, event } of lines) test(`${line.slice(0, 70)}…`, () => assert.deepEqual(parseLogLine(line, nonce), event));

  test('is cut into the same lines wherever the pipe cuts it', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }).map((line) => line.replaceAll(/[\r\n]/g, ''))), fc.array(fc.nat({ max: 40 })), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const splitter = new LineSplitter();
      const read: string[] = [];
      let position = 0;
      for (const cut of [...cuts, bytes.length]) {
        read.push(...splitter.push(bytes.subarray(position, position + cut)));
        position += cut;
      }
      assert.deepEqual([...read, ...splitter.flush()], new TextDecoder().decode(bytes).split('\n').slice(0, -1));
    }));
  });
});

describe('gaps', () => {
  test('frames without a complaint between them are slides, not a gap', () => {
    const gaps = new GapTracker();
    [0, 1, 6, 20].forEach((pts) => gaps.frame(pts));
    assert.deepEqual(gaps.finish(30, false), []);
  });
  test('a broadcast has frames in every second: without them it has lost some', () => {
    const gaps = new GapTracker(-1, true);
    [0, 1, 6.4, 7].forEach((pts) => gaps.frame(pts));
    assert.deepEqual(gaps.finish(8, false), [{ startSeconds: 2, endSeconds: 6, reason: 'unreadable', detail: 'no frames in the file' }]);
  });
  test('seconds without frames around a complaint are unreadable, also at the start', () => {
    const gaps = new GapTracker();
    gaps.damage('first');
    gaps.frame(3.2);
    gaps.frame(4);
    gaps.damage('second');
    gaps.damage('third');
    gaps.frame(9.5);
    assert.deepEqual(gaps.finish(10, false), [
      { startSeconds: 0, endSeconds: 3, reason: 'unreadable', detail: 'first' },
      { startSeconds: 5, endSeconds: 9, reason: 'unreadable', detail: 'second' },
    ]);
  });
  test('complaints second after second are one damaged stretch', () => {
    const gaps = new GapTracker();
    for (let second = 0; second < 9; second += 1) {
      gaps.frame(second);
      if (second >= 3 && second < 6) gaps.damage(`at ${second}`);
    }
    assert.deepEqual(gaps.finish(9, false), [{ startSeconds: 3, endSeconds: 7, reason: 'damaged', detail: 'at 3' }]);
  });
  test('gaps are in order, apart from each other and never empty, whatever happens', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 5_000 })), { maxLength: 60 }), fc.boolean(), fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }), (steps, endedBadly, end) => {
      const gaps = new GapTracker();
      let milliseconds = 0;
      for (const step of steps) {
        if (step === undefined) gaps.damage('x');
        else gaps.frame((milliseconds += step) / 1000);
      }
      let last = 0;
      for (const gap of gaps.finish(end, endedBadly)) {
        assert.ok(gap.startSeconds >= last && gap.endSeconds > gap.startSeconds, JSON.stringify(gap));
        last = gap.endSeconds;
      }
    }));
  });
});

describe('thumbnails', () => {
  const segment = (code: number, data: readonly number[]): number[] => [0xff, code, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data];
  const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 });
  const picture = fc.tuple(fc.array(bytes, { maxLength: 3 }), bytes, fc.boolean()).map(([tables, scan, restarts]) => Uint8Array.from([
    0xff, 0xd8, ...tables.flatMap((data) => segment(0xdb, data)), ...segment(0xda, [1, 2, 3]),
    ...scan.flatMap((byte) => (byte === 0xff ? [0xff, 0x00] : [byte])), ...(restarts ? [0xff, 0xd0, 7] : []), 0xff, 0xd9,
  ]));

  test('are cut apart whatever their tables contain and wherever the pipe cuts', () => {
    fc.assert(fc.property(fc.array(picture, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 30 })), (pictures, cuts) => {
      const stream = Buffer.concat(pictures);
      const splitter = new JpegSplitter();
      const read: Uint8Array[] = [];
      let position = 0;
      for (const cut of [...cuts, stream.length]) {
        read.push(...splitter.push(stream.subarray(position, position + cut)));
        position += cut;
      }
      assert.deepEqual(read.map((each) => Buffer.from(each).toString('hex')), pictures.map((each) => Buffer.from(each).toString('hex')));
    }));
  });

  test('that are none are refused', () => assert.throws(() => new JpegSplitter().push(Uint8Array.of(1, 2, 3)), /not JPEG/));
});

describe('commands', () => {
  test('a shell takes the printed line as the same arguments', { skip: process.platform === 'win32' ? 'needs a POSIX shell' : false }, () => {
    fc.assert(fc.property(fc.array(fc.string().map((word) => word.replaceAll('\0', '')), { maxLength: 5 }), (args) => {
      const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
      const line = formatCommandLine(process.execPath, ['-e', program, '--', ...args]);
      const printed = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
      assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(args)));
    }), { numRuns: runs(8) });
  });

  test('a path cannot be taken for an option or a protocol, and looks harmless in a message', () => {
    assert.match(fileInputArguments('-i').at(-1) ?? '', /^file:.*-i$/);
    assert.equal(showPath('a\nb\u001b[2J'), '"a\\nb\\u001b[2J"');
  });
});

describe('small readers', () => {
  test('a display matrix that is none means upright', () => {
    for (const text of [undefined, '', 'nonsense', '00000000: 1 2', '\n00000000: 0 0 0\n00000001: 0 0 0\n00000002: 0 0 0\n']) assert.deepEqual(parseDisplayMatrix(text).filters, []);
  });
  test('an almost right angle counts as one', () => {
    assert.equal(parseDisplayMatrix('\n00000000:        400       65535           0\n00000001:     -65535         400           0\n00000002:          0           0  1073741824\n').rotationDegrees, 90);
  });
  test('an orientation survives being stored as two values', () => {
    for (const rotationDegrees of [0, 90, 180, 270]) for (const mirrored of [false, true]) {
      assert.deepEqual([orientationOf(rotationDegrees, mirrored).rotationDegrees, orientationOf(rotationDegrees, mirrored).mirrored], [rotationDegrees, mirrored]);
    }
  });
  test('library versions of both generations', () => {
    assert.equal(parseLibraryVersion('libavutil      56. 24.101 / 56. 24.101'), 56.024);
    assert.equal(parseLibraryVersion('libavutil      57. 28.100 / 57. 28.100'), 57.028);
    assert.equal(parseLibraryVersion(''), 0);
  });
  test('the end of packets that carry times, and of those that do not', () => {
    const timed = new PacketEnd();
    ['packet|pts_time=10.033000|duration_time=0.033000', 'packet|pts_time=10.000000|duration_time=0.033000', 'noise'].forEach((line) => timed.packet(line));
    assert.ok(Math.abs((timed.seconds(10, 30) ?? 0) - 0.066) < 1e-9);
    const raw = new PacketEnd();
    for (let packet = 0; packet < 50; packet += 1) raw.packet('packet|pts_time=N/A|duration_time=0.040000');
    assert.ok(Math.abs((raw.seconds(0, 99) ?? 0) - 2) < 1e-9);
    const bare = new PacketEnd();
    for (let packet = 0; packet < 50; packet += 1) bare.packet('packet|pts_time=N/A|duration_time=N/A');
    assert.equal(bare.seconds(0, 25), 2);
    assert.equal(new PacketEnd().seconds(0, 25), undefined);
  });
  test('a fingerprint’s blocks lie inside the file, in order, apart, with its first and last byte', () => {
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: 20_000_000_000 })), (byteLength) => {
      let end = 0;
      const blocks = fingerprintBlocks(byteLength);
      assert.equal(blocks[0]?.start, 0);
      for (const { start, length } of blocks) {
        assert.ok(start >= end && length > 0);
        end = start + length;
      }
      assert.equal(end, byteLength);
      assert.ok(blocks.length <= 64);
    }));
  });
});

test('what was written about a film is read from every container, whatever letters it uses for the name', () => {
  const report = (tags: Record<string, string>): Parameters<typeof describeProbe>[1] => ({ streams: [{ index: 0, codec_type: 'video', width: 2, height: 2 }], chapters: [], format: { format_name: 'any', tags } });
  const comments = [{ comment: 'A film' }, { COMMENT: 'A film' }, { title: 'Not it' }].map((tags) => describeProbe('film', report(tags)).comment);
  assert.deepEqual(comments, ['A film', 'A film', undefined]);
});
