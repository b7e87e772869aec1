import type { Readable } from 'node:stream';
import { LongtakeError } from '../protocol/errors.ts';
import type { ToolProcess } from './child-process.ts';
import { LineSplitter, parseLogLine, type LogEvent } from './frame-log.ts';
import type { SecondGate } from './frame-selection.ts';
import { JpegSplitter } from './jpeg-splitter.ts';

export type DecodedBatch = {
  /** Good until the next batch is asked for: the memory is used again. */
  readonly frames: Uint8Array;
  readonly ptsSeconds: Float64Array;
  readonly thumbnails: readonly Uint8Array[];
};

/** How many complaints are kept for the report; the rest is only counted. */
const keptComplaints = 20;

/**
 * The three pipes of a reading pass, joined again: pixels on stdout, thumbnails on descriptor 3, timestamps and complaints in
 * the log. The i-th of each belong together, because one filter graph feeds them and nothing in between drops or repeats
 * (`passthrough`).
 *
 * Pixels and thumbnails flow only while a batch is wanted; that is the back-pressure. While one is wanted both must flow:
 * the 2018 build writes a picture to the one pipe before an earlier one's thumbnail to the other, and waits for ever if only
 * the thumbnail is waited for.
 */
export class DecodeChannels {
  /** What ffmpeg said went wrong apart from the file's own damage. */
  readonly failures: string[] = [];
  readonly complaints: string[] = [];
  readonly #flows: readonly Readable[];
  readonly #pictures = new Queue<Uint8Array<ArrayBuffer>>();
  readonly #timestamps = new Queue<number>();
  readonly #thumbnails = new Queue<Uint8Array>();
  readonly #onEvent: (event: LogEvent) => void;
  readonly #nonce: string;
  readonly #frameLength: number;
  /** Pictures that were copied into a batch: the next ones are read into their memory. */
  readonly #used: Uint8Array<ArrayBuffer>[] = [];

  /** `onEvent` sees frames and damage in the order in which ffmpeg reports them. */
  constructor(tool: ToolProcess, nonce: string, imageSize: number, onEvent: (event: LogEvent) => void) {
    const [, pixels, log, thumbnails] = tool.child.stdio as Readable[];
    if (!pixels || !log || !thumbnails) throw new LongtakeError('internal', 'ffmpeg was started without its three pipes.');
    this.#frameLength = imageSize * imageSize * 3;
    this.#flows = [pixels, thumbnails];
    this.#onEvent = onEvent;
    this.#nonce = nonce;
    this.#readLog(log);
    this.#readPixels(pixels);
    this.#readThumbnails(thumbnails);
    // A process that cannot be started closes nothing: whoever waits must be let go.
    tool.exited.catch(() => [this.#pictures, this.#timestamps, this.#thumbnails].forEach((queue) => queue.end()));
  }

  /** The frames that the gate accepts, in batches of `batchFrames`; the last one may be smaller. */
  async *batches(gate: SecondGate, batchFrames: number): AsyncGenerator<DecodedBatch> {
    const batch = new Batch(this.#frameLength, batchFrames);
    for (;;) {
      for (const flow of this.#flows) flow.resume();
      const picture = await this.#pictures.take();
      if (!picture) break;
      const ptsSeconds = await this.#timestamps.take();
      const thumbnail = await this.#thumbnails.take();
      if (ptsSeconds === undefined || !thumbnail) {
        throw new LongtakeError('ffmpeg-failed', `ffmpeg gave a frame without its timestamp or thumbnail. ${this.failures.at(-1) ?? this.complaints.at(-1) ?? ''}`.trim());
      }
      if (gate.accepts(ptsSeconds)) batch.add(picture, ptsSeconds, thumbnail);
      this.#used.push(picture);
      if (batch.count < batchFrames) continue;
      for (const flow of this.#flows) flow.pause();
      yield batch.take();
      batch.clear();
    }
    if (batch.count > 0) yield batch.take();
  }

  #readPixels(pipe: Readable): void {
    let picture = new Uint8Array(this.#frameLength);
    let length = 0;
    pipe.pause().on('data', (chunk: Buffer) => {
      for (let taken = 0; taken < chunk.length;) {
        const part = chunk.subarray(taken, taken + this.#frameLength - length);
        picture.set(part, length);
        length += part.length;
        taken += part.length;
        if (length < this.#frameLength) continue;
        this.#pictures.push(picture);
        picture = this.#used.pop() ?? new Uint8Array(this.#frameLength);
        length = 0;
      }
    });
    pipe.once('close', () => this.#pictures.end());
  }

  #readLog(log: Readable): void {
    const lines = new LineSplitter();
    const read = (line: string): void => {
      const event = parseLogLine(line, this.#nonce);
      if (!event) return;
      if (event.kind === 'frame') this.#timestamps.push(event.ptsSeconds);
      else {
        const list = event.kind === 'damage' ? this.complaints : this.failures;
        if (list.length < keptComplaints) list.push(event.message);
      }
      this.#onEvent(event);
    };
    log.on('data', (chunk: Buffer) => lines.push(chunk).forEach(read));
    log.once('end', () => lines.flush().forEach(read));
    log.once('close', () => this.#timestamps.end());
  }

  #readThumbnails(pipe: Readable): void {
    const splitter = new JpegSplitter();
    pipe.pause().on('data', (chunk: Buffer) => {
      try {
        splitter.push(chunk).forEach((thumbnail) => this.#thumbnails.push(thumbnail));
      } catch (error) {
        this.failures.push(error instanceof Error ? error.message : String(error));
        pipe.destroy(); // ends the queue, and whoever waits for a thumbnail is told
      }
    });
    pipe.once('close', () => this.#thumbnails.end());
  }
}

class Batch {
  count = 0;
  readonly #frames: Uint8Array;
  #ptsSeconds: number[] = [];
  #thumbnails: Uint8Array[] = [];
  readonly #frameLength: number;

  constructor(frameLength: number, capacity: number) {
    this.#frameLength = frameLength;
    this.#frames = new Uint8Array(frameLength * capacity);
  }

  add(picture: Uint8Array, ptsSeconds: number, thumbnail: Uint8Array): void {
    this.#frames.set(picture, this.count * this.#frameLength);
    this.#ptsSeconds.push(ptsSeconds);
    this.#thumbnails.push(thumbnail);
    this.count += 1;
  }

  take(): DecodedBatch {
    return {
      frames: this.#frames.subarray(0, this.count * this.#frameLength),
      ptsSeconds: Float64Array.from(this.#ptsSeconds),
      thumbnails: this.#thumbnails,
    };
  }

  clear(): void {
    this.count = 0;
    this.#ptsSeconds = [];
    this.#thumbnails = [];
  }
}

/** Values that one side pushes and the other awaits; `undefined` once it has ended and is empty. */
class Queue<Value> {
  readonly #values: Value[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(value: Value): void {
    this.#values.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async take(): Promise<Value | undefined> {
    while (this.#values.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
    return this.#values.shift();
  }
}
