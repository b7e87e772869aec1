import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isLongtakeError, type ErrorCode, type LongtakeError } from '../../engine/protocol/errors.ts';
import { findMediaTools, probeVideo, readFrames, type MediaTools, type ReadFramesOptions, type ReadReport } from '../../engine/media/index.ts';

const run = promisify(execFile);

/** The tools that this machine has. */
export const tools = await findMediaTools();

/**
 * Both generations: what the chain finds, and the 2018 build inside the installer package, which is all that a fresh
 * machine has. Every test of decoding runs on each.
 */
export const generations: readonly { readonly name: string; readonly tools: MediaTools }[] = await bothGenerations();

async function bothGenerations(): Promise<{ name: string; tools: MediaTools }[]> {
  const found = [{ name: tools.source, tools }];
  if (tools.source === 'installer') return found;
  const require = createRequire(import.meta.url);
  await findMediaTools({}); // nothing but the installer packages is left then, and they become executable
  const installer = await findMediaTools({
    LONGTAKE_FFMPEG: (require('@ffmpeg-installer/ffmpeg') as { path: string }).path,
    LONGTAKE_FFPROBE: (require('@ffprobe-installer/ffprobe') as { path: string }).path,
  });
  return installer.version === tools.version ? found : [...found, { name: 'installer', tools: installer }];
}

/** A folder of generated files that is gone after the tests. */
export async function makeFolder(): Promise<{ path: (name: string) => string; dispose: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'longtake-zoo-'));
  return { path: (name) => join(folder, name), dispose: () => rm(folder, { recursive: true, force: true }) };
}

export async function ffmpeg(...args: string[]): Promise<void> {
  await run(tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 1 << 26 });
}

/** The muxer must keep the timestamps that it gets. */
export const passThrough = tools.hasFpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];
export const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-threads', '2'];

/** Pictures that know their number: flat grey, one of 50 levels. */
export function numbered(rate: string, seconds: number, size = '32x32'): string[] {
  return ['-f', 'lavfi', '-i', `color=black:s=${size}:r=${rate}:d=${seconds},format=yuv420p,geq=lum='18+4*mod(N,50)':cb=128:cr=128`];
}

/** The number (modulo 50) of the picture at `index`, read from its grey. */
export function pictureNumber(frames: Uint8Array, index: number, imageSize: number): number {
  const grey = frames[index * imageSize * imageSize * 3 + 3 * (imageSize + 1)] ?? 0;
  return Math.round(((grey * 219) / 255 + 16 - 18) / 4) + 0; // no minus zero
}

export type ReadResult = { frames: Uint8Array; ptsSeconds: number[]; thumbnails: Uint8Array[]; report: ReadReport };

/** Probes and reads a whole file. */
export async function readAll(path: string, mediaTools: MediaTools, options: Partial<ReadFramesOptions> = {}): Promise<ReadResult> {
  const probe = await probeVideo(path, { tools: mediaTools });
  const reader = readFrames(path, probe, { imageSize: 16, tools: mediaTools, ...options });
  const chunks: Uint8Array[] = [];
  const ptsSeconds: number[] = [];
  const thumbnails: Uint8Array[] = [];
  for await (const batch of reader) {
    chunks.push(Uint8Array.from(batch.frames)); // the reader uses its memory again
    ptsSeconds.push(...batch.ptsSeconds);
    thumbnails.push(...batch.thumbnails);
  }
  return { frames: Buffer.concat(chunks), ptsSeconds, thumbnails, report: reader.report() };
}

/** The timestamps that ffprobe gives every decoded frame, in order of presentation, from the container's start. */
export async function framesByProbe(path: string, mediaTools: MediaTools): Promise<number[]> {
  const probe = await probeVideo(path, { tools: mediaTools });
  const { stdout } = await run(mediaTools.ffprobe, ['-v', 'quiet', '-select_streams', String(probe.video.index), '-show_entries', 'frame=best_effort_timestamp_time', '-of', 'csv=p=0', path],
    { maxBuffer: 1 << 26, env: { ...process.env, GCONV_PATH: '/nonexistent' } });
  return stdout.split('\n').filter((line) => /\d/.test(line)).map((line) => Number.parseFloat(line) - probe.startSeconds);
}

/** The selection rule, spelt out the slow way: for every second the first frame that is in it. */
export function firstOfEachSecond(ptsSeconds: readonly number[]): { index: number; ptsSeconds: number }[] {
  const bySecond = new Map<number, { index: number; ptsSeconds: number }>();
  ptsSeconds.forEach((pts, index) => {
    const second = Math.floor(pts + 1e-6);
    if (second >= 0 && !bySecond.has(second)) bySecond.set(second, { index, ptsSeconds: pts });
  });
  return [...bySecond.values()];
}

/** Replaces bytes between two fractions of a file. */
export async function spoil(from: string, to: string, start: number, end: number, byteAt: (index: number) => number = () => 0): Promise<void> {
  const bytes = await readFile(from);
  for (let index = Math.floor(bytes.length * start); index < Math.floor(bytes.length * end); index += 1) bytes[index] = byteAt(index);
  await writeFile(to, bytes);
}

export async function failsWith(promise: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<LongtakeError> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  assert.ok(isLongtakeError(error), `expected a LongtakeError of code ${code}, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return error;
}
