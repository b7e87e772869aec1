import { randomBytes } from 'node:crypto';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { startTool, type ToolExit } from './child-process.ts';
import { showPath } from './command-line.ts';
import { planDecode, type ReadMode } from './decode-plan.ts';
import { measureDuration } from './duration.ts';
import { DecodeChannels } from './decode-channels.ts';
import { SecondGate, secondOf } from './frame-selection.ts';
import { GapTracker, type Gap } from './gaps.ts';
import type { MediaOptions, VideoProbe } from './probe.ts';
import { assertUnchanged, openSourceFile, type SourceFile } from './source-file.ts';
import { findMediaTools } from './tools.ts';

export type ReadFramesOptions = MediaOptions & {
  /** Width and height of a frame for the tower, in pixels. */
  readonly imageSize: number;
  /** Default `exact`. See {@link ReadMode} for what `fast` costs. */
  readonly mode?: ReadMode;
  /** PTS of the last frame that the caller has: reading goes on behind it, with the very bytes of a whole reading. */
  readonly resumeAfterPtsSeconds?: number | undefined;
  /** Default 160. The height follows the display aspect. */
  readonly thumbnailWidth?: number;
  /** Most frames in a batch. Default 32. */
  readonly batchFrames?: number;
  /** `done` and `total` are seconds of the video. */
  readonly onProgress?: ProgressListener | undefined;
};

export type FrameBatch = {
  /** [count, imageSize, imageSize, 3] RGB, squashed to a square after rotation. Good until the next batch is asked for: copy what is to be kept. */
  readonly frames: Uint8Array;
  /** [count], from the container's start, strictly rising. */
  readonly ptsSeconds: Float64Array;
  /** [count] JPEG files. */
  readonly thumbnails: readonly Uint8Array[];
  /** Stretches found so far that could not be read, so that a reading that is killed does not lose them. */
  readonly gaps: readonly Gap[];
};

export type ReadReport = {
  /** Frames handed out by this reading (without those before a resume). */
  readonly frames: number;
  /** What the header says, else what the packets say, else the second of the last frame. */
  readonly durationSeconds: number;
  readonly gaps: readonly Gap[];
  /** Sentences for the user. */
  readonly warnings: readonly string[];
};

export type FrameReader = AsyncIterable<FrameBatch> & {
  /** What was read. Throws `internal` before the iteration has ended. */
  report(): ReadReport;
};

const defaultThumbnailWidth = 160;
const defaultBatchFrames = 32;

/**
 * Reads a video at one frame per second in one decoding pass: the first frame of every second of the presentation, with
 * its real timestamp, ready for the tower, and a thumbnail of each. ffmpeg is held back by its pipes: it decodes only
 * while batches are asked for, so memory does not grow with the video. Leaving the loop early ends ffmpeg.
 *
 * Iterating throws `no-frames` (nothing decodable), `file-changed` (changed or gone meanwhile), `ffmpeg-failed`,
 * `ffmpeg-missing`, `cancelled` and what {@link openSourceFile} throws. Damage is no error: see {@link ReadReport.gaps}.
 */
export function readFrames(path: string, probe: VideoProbe, options: ReadFramesOptions): FrameReader {
  if (!Number.isInteger(options.imageSize) || options.imageSize < 1) {
    throw new LongtakeError('bad-argument', `imageSize must be a whole number of pixels, not ${options.imageSize}.`);
  }
  let report: ReadReport | undefined;
  return {
    [Symbol.asyncIterator]: () => iterate(path, probe, options, (finished) => { report = finished; }),
    report: () => {
      if (!report) throw new LongtakeError('internal', 'The report of a video exists once all its frames were read.');
      return report;
    },
  };
}

async function* iterate(path: string, probe: VideoProbe, options: ReadFramesOptions, onReport: (report: ReadReport) => void): AsyncGenerator<FrameBatch> {
  const source = await openSourceFile(path);
  assertSameFile(path, source, probe);
  const tools = options.tools ?? (await findMediaTools());
  const nonce = randomBytes(8).toString('hex');
  const plan = planDecode({ ...probe, path: source.path }, {
    imageSize: options.imageSize, thumbnailWidth: options.thumbnailWidth ?? defaultThumbnailWidth,
    mode: options.mode ?? 'exact', resumeAfterPtsSeconds: options.resumeAfterPtsSeconds, nonce,
  }, tools);
  const resumeAfter = options.resumeAfterPtsSeconds;
  const gaps = new GapTracker(plan.startSecond - 1, /^mpeg/.test(probe.container) && probe.video.averageFrameRate >= 5);
  const tool = startTool(tools.ffmpeg, plan.args, ['ignore', 'pipe', 'pipe', 'pipe'], options);
  const channels = new DecodeChannels(tool, nonce, options.imageSize, (event) => {
    if (event.kind === 'frame') gaps.frame(event.ptsSeconds);
    else gaps.damage(event.message);
  });
  let frameCount = 0;
  let lastPtsSeconds = resumeAfter ?? 0;
  try {
    for await (const batch of channels.batches(new SecondGate(resumeAfter), options.batchFrames ?? defaultBatchFrames)) {
      throwIfCancelled(options.signal);
      await assertUnchanged(source);
      frameCount += batch.ptsSeconds.length;
      lastPtsSeconds = batch.ptsSeconds.at(-1) ?? lastPtsSeconds;
      yield { ...batch, gaps: gaps.known };
      options.onProgress?.({ stage: 'encode', done: lastPtsSeconds, ...(probe.durationSeconds === undefined ? {} : { total: probe.durationSeconds }) });
    }
    const exit = await tool.exited;
    throwIfCancelled(options.signal);
    await assertUnchanged(source);
    if (frameCount === 0 && resumeAfter === undefined) throw explainNoFrames(path, probe, exit, channels);
    const announced = probe.video.durationSeconds ?? probe.durationSeconds;
    const measured = probe.durationSeconds ?? (await measureDuration({ ...probe, path: source.path }, { ...options, tools }));
    const firstNewSecond = resumeAfter === undefined ? 0 : secondOf(resumeAfter) + 1;
    onReport({
      frames: frameCount,
      durationSeconds: Math.max(measured ?? 0, lastPtsSeconds),
      // What lies before the point to resume at was reported by the first reading.
      gaps: gaps.finish(announced, exit.exitCode !== 0).filter((gap) => gap.endSeconds > firstNewSecond),
      warnings: [...plan.warnings, ...describeExit(exit, channels)],
    });
  } catch (error) {
    throwIfCancelled(options.signal); // what fails because ffmpeg was killed is not worth telling
    throw error;
  } finally {
    await tool.stop();
  }
}

function assertSameFile(path: string, source: SourceFile, probe: VideoProbe): void {
  if (source.byteLength === probe.byteLength) return;
  throw new LongtakeError('file-changed',
    `The file ${showPath(path)} is not the one that was looked into (${probe.byteLength} bytes then, ${source.byteLength} now). Open it again.`, { path });
}

function explainNoFrames(path: string, probe: VideoProbe, exit: ToolExit, channels: DecodeChannels): LongtakeError {
  const complaint = channels.failures[0] ?? channels.complaints[0];
  const data = { path, codec: probe.video.codec, exitCode: exit.exitCode, complaints: [...channels.failures, ...channels.complaints] };
  if (exit.exitCode === null) {
    return new LongtakeError('ffmpeg-failed', `ffmpeg was stopped from outside (${exit.signal ?? 'unknown signal'}) while reading ${showPath(path)}. Try again.`, data);
  }
  if (channels.failures.length > 0 && channels.complaints.length === 0) {
    return new LongtakeError('ffmpeg-failed', `ffmpeg could not read ${showPath(path)}: ${complaint}. Try another ffmpeg (set LONGTAKE_FFMPEG).`, data);
  }
  return new LongtakeError('no-frames',
    `No frame of ${showPath(path)} could be decoded (codec ${probe.video.codec}${complaint ? `: ${complaint}` : ''}). ` +
    'The file is damaged or its codec is unknown to this ffmpeg; convert it, or get it again.', data);
}

function describeExit(exit: ToolExit, channels: DecodeChannels): string[] {
  if (exit.exitCode === 0) return [];
  const reason = channels.failures.at(-1) ?? channels.complaints.at(-1) ?? exit.signal ?? `exit code ${exit.exitCode}`;
  return [`ffmpeg stopped before the end of the video (${reason}). What it read before is kept.`];
}
