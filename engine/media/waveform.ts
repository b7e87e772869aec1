import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { startTool } from './child-process.ts';
import { fileInputArguments, showPath } from './command-line.ts';
import type { VideoProbe } from './probe.ts';
import { findMediaTools } from './tools.ts';

/** How loud a video is over its length. */
export type Waveform = {
  readonly bucketsPerSecond: number;
  /** The square root of each bucket's largest amplitude, 0 to 255: what is quiet is seen beside what is loud. [buckets] */
  readonly peaks: Uint8Array;
};

const sampleRate = 8000;
/** Ten hours fit into 400 kB of base64. */
const maximumBuckets = 300_000;
const finest = 10;

/** Rates that divide the sample rate, so that a bucket is a whole number of samples. */
const bucketRates = [finest, 8, 5, 4, 2, 1] as const;

export function chooseBucketRate(durationSeconds: number): number {
  return bucketRates.find((rate) => rate * durationSeconds <= maximumBuckets) ?? 1;
}

/**
 * Reads the first sound track once, mixed to one channel, with silence where the track has holes, so that bucket n is at
 * n / bucketsPerSecond. Undefined for a video without sound. Progress counts seconds. Throws `cancelled`, `ffmpeg-failed`.
 */
export async function makeWaveform(probe: VideoProbe, { signal, onProgress }: WorkOptions = {}): Promise<Waveform | undefined> {
  const [track] = probe.audio;
  if (track === undefined) return undefined;
  const tools = await findMediaTools();
  const bucketsPerSecond = chooseBucketRate(probe.durationSeconds ?? 0);
  const peaks = new PeakReader(sampleRate / bucketsPerSecond);
  const tool = startTool(tools.ffmpeg, [
    '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', ...fileInputArguments(probe.path), '-map', `0:${track.index}`, '-vn', '-sn',
    '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(sampleRate), '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1',
  ], ['ignore', 'pipe', 'ignore'], { signal });
  tool.child.stdout?.on('data', (chunk: Buffer) => {
    peaks.push(chunk);
    const done = peaks.count / bucketsPerSecond;
    onProgress?.({ stage: 'waveform', done: Math.min(done, probe.durationSeconds ?? done), ...(probe.durationSeconds !== undefined && { total: probe.durationSeconds }) });
  });
  const { exitCode } = await tool.exited;
  throwIfCancelled(signal);
  // Damage in the middle ends in a shorter curve; no sound at all is a failure.
  if (peaks.count === 0) throw new LongtakeError('ffmpeg-failed', `The sound of ${showPath(probe.path)} cannot be decoded (ffmpeg: exit code ${exitCode}).`, { path: probe.path });
  return { bucketsPerSecond, peaks: peaks.finish() };
}

/** Little-endian 16-bit samples, in chunks of any length, to one byte a bucket. */
export class PeakReader {
  readonly #samplesPerBucket: number;
  #peaks = new Uint8Array(4096);
  #count = 0;
  #seen = 0;
  #largest = 0;
  #halfSample: number | undefined;

  constructor(samplesPerBucket: number) {
    this.#samplesPerBucket = samplesPerBucket;
  }

  /** Whole buckets so far. */
  get count(): number {
    return this.#count;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.#halfSample !== undefined && chunk.length > 0) {
      this.#sample(this.#halfSample, chunk[0] ?? 0);
      at = 1;
      this.#halfSample = undefined;
    }
    for (; at + 1 < chunk.length; at += 2) this.#sample(chunk[at] ?? 0, chunk[at + 1] ?? 0);
    if (at < chunk.length) this.#halfSample = chunk[at];
  }

  finish(): Uint8Array {
    if (this.#seen > 0) this.#close();
    return this.#peaks.slice(0, this.#count);
  }

  #sample(low: number, high: number): void {
    const value = Math.abs(((high << 24) >> 16) | low);
    if (value > this.#largest) this.#largest = value;
    this.#seen += 1;
    if (this.#seen === this.#samplesPerBucket) this.#close();
  }

  #close(): void {
    if (this.#count === this.#peaks.length) {
      const larger = new Uint8Array(this.#peaks.length * 2);
      larger.set(this.#peaks);
      this.#peaks = larger;
    }
    this.#peaks[this.#count] = Math.round(Math.sqrt(Math.min(1, this.#largest / 32767)) * 255);
    this.#count += 1;
    this.#seen = 0;
    this.#largest = 0;
  }
}
