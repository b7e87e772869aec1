import { LongtakeError } from '../protocol/errors.ts';
import type { MemoryGap, MemoryHeader } from './manifest.ts';

/** Consecutive frames as they come out of the vision tower. */
export type FrameFeatures = {
  /** float16 bits // [frames, tokens, channels] */
  readonly features: Uint16Array;
  /** Real presentation times, strictly ascending over the whole memory. // [frames] */
  readonly ptsSeconds: Float64Array | readonly number[];
  /** One JPEG a frame; an empty array where there is none. */
  readonly thumbnails: readonly Uint8Array[];
  /** Stretches before these frames that could not be read. Told here, they survive a kill. */
  readonly gaps?: readonly MemoryGap[];
};

export type ChunkFrames = {
  readonly features: Uint16Array;
  readonly ptsSeconds: Float64Array;
  readonly thumbnails: readonly Uint8Array[];
};

/** Gathers frames until they fill a chunk. Owns one buffer of a chunk's size, and no more however much is appended. */
export class PendingFrames {
  /** Of the last frame that was given. */
  lastPtsSeconds: number;
  readonly #framesPerChunk: number;
  readonly #valuesPerFrame: number;
  readonly #features: Uint16Array;
  readonly #ptsSeconds: Float64Array;
  #thumbnails: Uint8Array[] = [];

  constructor(shape: MemoryHeader['features'], framesPerChunk: number, lastPtsSeconds: number) {
    this.#framesPerChunk = framesPerChunk;
    this.#valuesPerFrame = shape.tokensPerFrame * shape.channels;
    this.#features = new Uint16Array(framesPerChunk * this.#valuesPerFrame);
    this.#ptsSeconds = new Float64Array(framesPerChunk);
    this.lastPtsSeconds = lastPtsSeconds;
  }

  /** Throws `bad-argument` and changes nothing where the frames do not fit the memory. */
  check({ features, ptsSeconds, thumbnails }: FrameFeatures): void {
    const frames = ptsSeconds.length;
    if (features.length !== frames * this.#valuesPerFrame || thumbnails.length !== frames) {
      throw new LongtakeError('bad-argument', `${frames} frame times need ${frames * this.#valuesPerFrame} feature values and `
        + `${frames} thumbnails; ${features.length} and ${thumbnails.length} were given.`);
    }
    let last = this.lastPtsSeconds;
    for (const pts of ptsSeconds) {
      if (!Number.isFinite(pts) || pts <= last) {
        throw new LongtakeError('bad-argument', `Frame times must ascend: ${pts} s came after ${last} s.`, { pts, last });
      }
      last = pts;
    }
  }

  /** Takes checked frames and yields each chunk that they fill. A chunk is only good until the next is asked for. */
  * fill({ features, ptsSeconds, thumbnails }: FrameFeatures): Generator<ChunkFrames, void, void> {
    for (const [index, pts] of ptsSeconds.entries()) {
      const place = this.#thumbnails.length;
      const start = index * this.#valuesPerFrame;
      this.#features.set(features.subarray(start, start + this.#valuesPerFrame), place * this.#valuesPerFrame);
      this.#ptsSeconds[place] = pts;
      this.#thumbnails.push(thumbnails[index] ?? new Uint8Array());
      this.lastPtsSeconds = pts;
      const chunk = place + 1 === this.#framesPerChunk ? this.take() : undefined;
      if (chunk !== undefined) yield chunk;
    }
  }

  /** The frames of the chunk that is not full, which are then no longer pending. */
  take(): ChunkFrames | undefined {
    const frames = this.#thumbnails.length;
    if (frames === 0) return undefined;
    const thumbnails = this.#thumbnails;
    this.#thumbnails = [];
    return {
      features: this.#features.subarray(0, frames * this.#valuesPerFrame),
      ptsSeconds: this.#ptsSeconds.subarray(0, frames),
      thumbnails,
    };
  }
}
