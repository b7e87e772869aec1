/**
 * The media part of ingest against the bare ffmpeg command, in the same run and in turns, so that a busy machine disturbs
 * both alike:
 *   node tests/bench/ingest-media.ts [--minutes 60] [--rounds 3] [--size 64]
 * Prints seconds, processor seconds and ratios (medians), what `fast` costs in time and picture, and the peak memory of this process.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findMediaTools, probeVideo, readFrames, type ReadMode } from '../../engine/media/index.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rounds: { type: 'string', default: '3' }, size: { type: 'string', default: '64' } } });
const minutes = Number(values.minutes);
const rounds = Number(values.rounds);
const imageSize = Number(values.size);
const tools = await findMediaTools();
const path = makeVideo(minutes);
const probe = await probeVideo(path);

type Run = { seconds: number; processorSeconds: number };
type Reading = Run & { ptsSeconds: Float64Array; frames: Uint8Array };

/** 1080p30 H.264 with three B-frames at about 5 Mbit/s, moving and noisy: twenty seconds encoded, then repeated. */
function makeVideo(length: number): string {
  const folder = join(import.meta.dirname, '../../.cache/bench');
  const target = join(folder, `1080p30-${length}min.mp4`);
  if (existsSync(target)) return target;
  mkdirSync(folder, { recursive: true });
  const part = join(folder, '1080p30-part.mp4');
  if (!existsSync(part)) {
    execFileSync(tools.ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=30:d=20,noise=alls=12:allf=t',
      '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-b:v', '5M', '-pix_fmt', 'yuv420p', part]);
  }
  execFileSync(tools.ffmpeg, ['-v', 'error', '-y', '-stream_loop', String(length * 3 - 1), '-i', part, '-c', 'copy', '-f', 'mp4', `${target}.part`]);
  renameSync(`${target}.part`, target);
  return target;
}

/** Processor time of this process and of the children that have ended; hundredths of a second, as Linux counts it. */
function processorSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /, '').split(' ');
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / 100;
}

/** The command that the bound is about. */
function measureBare(): Run {
  const started = performance.now();
  const before = processorSeconds();
  execFileSync(tools.ffmpeg, ['-nostdin', '-v', 'error', '-i', path, '-vf', `fps=1,scale=${imageSize}:${imageSize}`, '-f', 'null', '-']);
  return { seconds: (performance.now() - started) / 1000, processorSeconds: processorSeconds() - before };
}

async function measure(mode: ReadMode): Promise<Reading> {
  const started = performance.now();
  const before = processorSeconds();
  const ptsSeconds: number[] = [];
  const kept: Uint8Array[] = [];
  for await (const batch of readFrames(path, probe, { imageSize, mode })) {
    ptsSeconds.push(...batch.ptsSeconds);
    if (ptsSeconds.length <= 128) kept.push(Uint8Array.from(batch.frames));
  }
  return {
    seconds: (performance.now() - started) / 1000,
    processorSeconds: processorSeconds() - before,
    ptsSeconds: Float64Array.from(ptsSeconds),
    frames: Buffer.concat(kept),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

function signalToNoise(one: Uint8Array, other: Uint8Array): number {
  let squares = 0;
  for (let index = 0; index < one.length; index += 1) squares += ((one[index] ?? 0) - (other[index] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / one.length));
}

console.log(`${tools.version}\n${cpus()[0]?.model ?? ''}, ${cpus().length} cores; ${minutes} min of 1080p30, frames of ${imageSize} x ${imageSize}`);
const bare: Run[] = [];
const exact: Reading[] = [];
const fast: Reading[] = [];
for (let round = 0; round < rounds; round += 1) {
  bare.push(measureBare());
  exact.push(await measure('exact'));
  fast.push(await measure('fast'));
  console.log(`round ${round + 1}: bare ${bare.at(-1)?.seconds.toFixed(1)} s, exact ${exact.at(-1)?.seconds.toFixed(1)} s, fast ${fast.at(-1)?.seconds.toFixed(1)} s`);
}
for (const [name, runs] of [['exact', exact], ['fast', fast]] as const) {
  const ratio = (of: (run: Run) => number): string => median(runs.map((run, index) => of(run) / of(bare[index] ?? run))).toFixed(3);
  console.log(`${name}: ${ratio((run) => run.seconds)} x bare in time (${median(runs.map((run) => run.seconds)).toFixed(1)} s against ${median(bare.map((run) => run.seconds)).toFixed(1)} s), ` +
    `${ratio((run) => run.processorSeconds)} x in processor time (${median(runs.map((run) => run.processorSeconds)).toFixed(1)} s against ${median(bare.map((run) => run.processorSeconds)).toFixed(1)} s)`);
}
const [exactRun, fastRun] = [exact[0], fast[0]];
if (exactRun && fastRun) {
  const errors = Array.from(exactRun.ptsSeconds, (pts, index) => Math.abs(pts - (fastRun.ptsSeconds[index] ?? Number.NaN)));
  const average = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  const frameLength = imageSize * imageSize * 3;
  const sameTime = errors.flatMap((error, index) => (error === 0 && (index + 1) * frameLength <= Math.min(exactRun.frames.length, fastRun.frames.length) ? [index] : []));
  const pick = (frames: Uint8Array): Uint8Array => Buffer.concat(sameTime.map((index) => frames.subarray(index * frameLength, (index + 1) * frameLength)));
  console.log(`fast: ${fastRun.ptsSeconds.length} of ${exactRun.ptsSeconds.length} frames; largest time error ${Math.max(...errors).toFixed(3)} s, mean ${average.toFixed(3)} s; ` +
    `${signalToNoise(pick(exactRun.frames), pick(fastRun.frames)).toFixed(1)} dB against the exact frames of the same time (${sameTime.length})`);
}
console.log(`peak memory of this process ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
