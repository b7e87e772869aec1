import type { Readable } from 'node:stream';
import { LongtakeError } from '../protocol/errors.ts';
import type { ToolProcess } from './child-process.ts';
import { LineSplitter, parseLogLine, type LogEvent } from './frame-log.ts';
import type { SecondGate } from './frame-selection.ts';
import { JpegSplitter } from './jpeg-splitter.ts';

export type DecodedBatch = {
  readonly frames: Uint8Array;
  readonly ptsSeconds: Float64Array;
  readonly thumbnails: readonly Uint8Array[];
};

/** How many complaints are kept for the report; the rest is only counted. */
const keptComplaints = 20;

/**
 * The three pipes of a reading pass, joined again: pixels on stdout, thumbnails on descriptor 3, timestamps and complaints in
 * the log. The i-th of each belong together, because one filter graph feeds them and nothing in between drops or repeats
 * (`passthrough`). Pixels and thumbnails are only read while a batch is wanted; that is the back-pressure.
 */
export class DecodeChannels {
  /** What ffmpeg said went wrong apart from the file's own damage. */
  readonly failures: string[] = [];
  readonly complaints: string[] = [];
  readonly #pixels: Readable;
  readonly #thumbnailPipe: Readable;
  readonly #timestamps = new Queue<number>();
  readonly #thumbnails = new Queue<Uint8Array>();
  readonly #onEvent: (event: LogEvent) => void;
  readonly #nonce: string;

  /** `onEvent` sees frames and damage in the order in which ffmpeg reports them. */
  constructor(tool: ToolProcess, nonce: string, onEvent: (event: LogEvent) => void) {
    const [, pixels, log, thumbnailPipe] = tool.child.stdio as Readable[];
    if (!pixels || !log || !thumbnailPipe) throw new LongtakeError('internal', 'ffmpeg was started without its three pipes.');
    this.#pixels = pixels;
    this.#thumbnailPipe = thumbnailPipe;
    this.#onEvent = onEvent;
    this.#nonce = nonce;
    this.#readLog(log);
    this.#readThumbnails(thumbnailPipe);
    // A process that cannot be started closes nothing: whoever waits must be let go.
    tool.exited.catch(() => {
      this.#timestamps.end();
      this.#thumbnails.end();
      pixels.destroy();
    });
  }

  /** Whole frames that the gate accepts, in batches of `batchFrames`; the last one may be smaller. */
  async *batches(gate: SecondGate, imageSize: number, batchFrames: number): AsyncGenerator<DecodedBatch> {
    const frameLength = imageSize * imageSize * 3;
    let batch = new Batch(frameLength, batchFrames);
    for await (const chunk of this.#pixels as AsyncIterable<Buffer>) {
      for (let taken = 0; taken < chunk.length;) {
        taken += batch.fill(chunk.subarray(taken));
        if (!batch.hasWholeFrame) continue;
        const ptsSeconds = await this.#timestamps.take();
        const thumbnail = await this.#thumbnails.take();
        if (ptsSeconds === undefined || thumbnail === undefined) {
          throw new LongtakeError('ffmpeg-failed', `ffmpeg gave a frame without its timestamp or thumbnail. ${this.failures.at(-1) ?? this.complaints.at(-1) ?? ''}`.trim());
        }
        if (!gate.accepts(ptsSeconds)) batch.dropFrame();
        else batch.keepFrame(ptsSeconds, thumbnail);
        if (batch.count === batchFrames) {
          this.#thumbnailPipe.pause();
          yield batch.take();
          this.#thumbnailPipe.resume();
          batch = new Batch(frameLength, batchFrames);
        }
      }
    }
    if (batch.count > 0) yield batch.take();
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
    pipe.on('data', (chunk: Buffer) => splitter.push(chunk).forEach((thumbnail) => this.#thumbnails.push(thumbnail)));
    pipe.once('close', () => this.#thumbnails.end());
  }
}

/** Frames under construction: the pipe's bytes go straight to their place in the batch. */
class Batch {
  count = 0;
  readonly #frames: Uint8Array;
  readonly #ptsSeconds: number[] = [];
  readonly #thumbnails: Uint8Array[] = [];
  readonly #frameLength: number;
  #length = 0;

  constructor(frameLength: number, capacity: number) {
    this.#frameLength = frameLength;
    this.#frames = new Uint8Array(frameLength * capacity);
  }

  get hasWholeFrame(): boolean {
    return this.#length === (this.count + 1) * this.#frameLength;
  }

  /** Takes what still belongs to the present frame; returns how many bytes that were. */
  fill(bytes: Uint8Array): number {
    const part = bytes.subarray(0, (this.count + 1) * this.#frameLength - this.#length);
    this.#frames.set(part, this.#length);
    this.#length += part.length;
    return part.length;
  }

  keepFrame(ptsSeconds: number, thumbnail: Uint8Array): void {
    this.#ptsSeconds.push(ptsSeconds);
    this.#thumbnails.push(thumbnail);
    this.count += 1;
  }

  dropFrame(): void {
    this.#length -= this.#frameLength;
  }

  take(): DecodedBatch {
    return {
      frames: this.#frames.subarray(0, this.count * this.#frameLength),
      ptsSeconds: Float64Array.from(this.#ptsSeconds),
      thumbnails: this.#thumbnails,
    };
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
