import { existsSync } from 'node:fs';
import path from 'node:path';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import type { MemoryEntry } from '../library/index.ts';
import { extractSubtitles, fingerprintVideo, probeVideo, readFrames, type Gap, type ReadMode, type ReadReport, type VideoProbe } from '../media/index.ts';
import { manifestFile, MemoryWriter, openMemory, removeMemory, storedByteLength, type Memory, type MemoryGap, type MemoryHeader } from '../memory/index.ts';
import { featureChannels } from '../models/spec.ts';
import { memoryDirectory, type Engine } from './engine.ts';
import { createEta } from './eta.ts';
import { refuseWithoutRoom } from './forecast.ts';
import { searchVideo } from './library-files.ts';
import { videoTitle } from './pebble-town.ts';

export type IngestOptions = WorkOptions & {
  readonly decoding: ReadMode;
  /** Encodes from the start, whatever is there: for a memory that is damaged. Conversations stay. */
  readonly again?: boolean;
};

export type IngestResult = {
  readonly memory: Memory;
  readonly memoryId: string;
  readonly videoId: string;
  /** Frames encoded now; 0 where the memory was complete already. */
  readonly encodedFrames: number;
  /** Frames that were there before: of a complete memory, or of a run that was interrupted. */
  readonly reusedFrames: number;
  readonly encodeMs: number;
  readonly gaps: readonly MemoryGap[];
  readonly warnings: readonly string[];
};

/**
 * Makes sure that a video is in memory: opens the memory that is there, continues one that was interrupted, or encodes
 * from the start. ffmpeg decodes in its own process while the tower works on the batch before, and is held back by its
 * pipe, so RAM does not grow with the video.
 *
 * Throws what probing, reading and writing throw; whatever was encoded until then stays, and the next call goes on.
 */
export async function ingestVideo(engine: Engine, file: string, options: IngestOptions): Promise<IngestResult> {
  const probe = await probeVideo(file, { signal: options.signal });
  const fingerprint = await fingerprintVideo(file, { signal: options.signal });
  const video = engine.library.videos.upsert({
    fingerprint, path: probe.path, title: videoTitle(probe.path), probe, durationSeconds: probe.durationSeconds,
  });
  const { spec } = engine.model;
  const entry = engine.library.memories.ensure({
    videoId: video.id, encoderFingerprint: spec.encoderFingerprint, encoderName: spec.encoderName, mode: options.decoding,
  });
  const directory = memoryDirectory(engine.home, entry);
  if (options.again === true) {
    await removeMemory(directory);
    engine.library.memories.update(entry.id, { state: 'growing', frameCount: 0, byteLength: 0 });
  }
  const complete = await openComplete(directory);
  if (complete !== undefined) {
    if (entry.state !== 'complete') noteComplete(engine, entry, complete); // killed between the last byte and the library
    return {
      memory: complete, memoryId: entry.id, videoId: video.id, encodedFrames: 0, reusedFrames: complete.frameCount, encodeMs: 0,
      gaps: complete.manifest.gaps, warnings: [],
    };
  }
  return { ...await encodeVideo(engine, entry, probe, describeMemory(engine, probe, fingerprint, options.decoding), options), videoId: video.id };
}

async function openComplete(directory: string): Promise<Memory | undefined> {
  if (!existsSync(path.join(directory, manifestFile))) return undefined;
  const memory = await openMemory(directory);
  return memory.complete ? memory : undefined;
}

function noteComplete(engine: Engine, entry: MemoryEntry, memory: Memory): void {
  const { video: { fingerprint, fileName }, durationSeconds } = memory.manifest;
  // A recording whose header says nothing has a length now.
  if (engine.library.videos.get(entry.videoId).durationSeconds === undefined) engine.library.videos.upsert({ fingerprint, title: fileName, durationSeconds });
  engine.library.memories.update(entry.id, { frameCount: memory.frameCount, byteLength: storedByteLength(memory.manifest), state: 'complete' });
}

/** The complete memory of a video of the library by its path, title or id, for this model's encoder; undefined where there is none. */
export async function openKnownMemory(engine: Engine, name: string): Promise<Pick<IngestResult, 'memory' | 'videoId' | 'encodeMs'> | undefined> {
  const video = searchVideo(engine.library, name);
  const usable = engine.library.memories.list(video?.id ?? '').filter(({ state, encoderFingerprint }) =>
    state === 'complete' && encoderFingerprint === engine.model.spec.encoderFingerprint);
  const entry = usable.find(({ mode }) => mode === 'exact') ?? usable[0];
  if (video === undefined || entry === undefined) return undefined;
  return { memory: await openMemory(memoryDirectory(engine.home, entry)), videoId: video.id, encodeMs: 0 };
}

function describeMemory(engine: Engine, probe: VideoProbe, fingerprint: string, mode: ReadMode): MemoryHeader {
  const { spec } = engine.model;
  return {
    video: {
      fingerprint, fileName: path.basename(probe.path),
      ...(probe.durationSeconds !== undefined && { durationSeconds: probe.durationSeconds }),
    },
    encoder: { fingerprint: spec.encoderFingerprint, name: spec.encoderName, imageSize: spec.vision.imageSize },
    features: { tokensPerFrame: spec.tokensPerFrame, channels: featureChannels(spec), dtype: 'F16' },
    mode,
  };
}

async function encodeVideo(
  engine: Engine, entry: MemoryEntry, probe: VideoProbe, header: MemoryHeader, options: IngestOptions,
): Promise<Omit<IngestResult, 'videoId'>> {
  const startedMs = performance.now();
  const directory = memoryDirectory(engine.home, entry);
  await using writer = await MemoryWriter.open(directory, header);
  const reusedFrames = writer.frameCount;
  await refuseWithoutRoom(engine, probe, reusedFrames);
  const report = await encodeFrames(engine, writer, await lastPts(directory), probe, options);
  const subtitles = await extractSubtitles(probe.path, probe, { signal: options.signal });
  await writer.finish({
    durationSeconds: report.durationSeconds,
    gaps: report.gaps.map(memoryGap),
    subtitles: subtitles.tracks.map(({ source, language, title, cues }) => ({
      source, cues: [...cues], ...(language !== undefined && { language }), ...(title !== undefined && { title }),
    })),
  });
  const memory = await openMemory(directory);
  noteComplete(engine, entry, memory);
  return {
    memory, memoryId: entry.id, reusedFrames, encodedFrames: memory.frameCount - reusedFrames,
    encodeMs: performance.now() - startedMs, gaps: memory.manifest.gaps, warnings: [...report.warnings, ...subtitles.warnings],
  };
}

/** PTS of the last frame that is on the disk, where an interrupted run goes on. */
async function lastPts(directory: string): Promise<number | undefined> {
  return (await openMemory(directory)).ptsSeconds.at(-1);
}

async function encodeFrames(
  engine: Engine, writer: MemoryWriter, resumeAfterPtsSeconds: number | undefined, probe: VideoProbe, options: IngestOptions,
): Promise<ReadReport> {
  const runtime = await engine.load('encode');
  const eta = createEta();
  const reader = readFrames(probe.path, probe, {
    imageSize: engine.model.spec.vision.imageSize, mode: options.decoding, resumeAfterPtsSeconds, signal: options.signal,
  });
  for await (const { frames, ptsSeconds, thumbnails, gaps } of reader) {
    const features = await runtime.encodeFrames(frames, ptsSeconds.length, options);
    await writer.append({ features, ptsSeconds, thumbnails, gaps: gaps.map(memoryGap) });
    throwIfCancelled(options.signal);
    const done = Math.min(ptsSeconds.at(-1) ?? 0, probe.durationSeconds ?? Infinity);
    const etaSeconds = eta(done, probe.durationSeconds);
    options.onProgress?.({
      stage: 'encode', done,
      ...(probe.durationSeconds !== undefined && { total: probe.durationSeconds }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  }
  return reader.report();
}

/** A gap as a memory keeps it: ffmpeg's own words about it differ from version to version and stay out of hashed bytes. */
function memoryGap({ startSeconds, endSeconds, reason }: Gap): MemoryGap {
  return { startSeconds, endSeconds, reason };
}
