import { totalmem } from 'node:os';
import type { MethodParams, MethodResult } from '../protocol/methods.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { probeVideo } from '../media/index.ts';
import { openMemory } from '../memory/index.ts';
import { answerNeeds, encodeNeeds, processBytes } from '../models/needs.ts';
import type { ModelSpec } from '../models/spec.ts';
import { askedTokens } from '../models/uniform-tokens.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import { framesLeft, memoryBytes, reserveBytes } from '../pipeline/forecast.ts';
import { freeBytes } from '../pipeline/storage.ts';
import { readEncodeSpeed } from './encode-speed.ts';
import { expandPath } from './queue-paths.ts';
import { readSettings } from './settings.ts';
import { presentFile } from './video-cards.ts';
import type { Workspace } from './workspace.ts';

/** A process of ffprobe each; more of them would only wait for the disk. */
const lookedIntoAtOnce = 8;

type Watched = { readonly path: string; readonly videoId: string | undefined; readonly durationSeconds: number | undefined; readonly existingFrames: number };

/**
 * What watching files, the videos in folders, or a video of the library will take together, less what is encoded already.
 * What cannot be looked into is left out, as adding says why. Throws only where nothing can be looked into.
 */
export async function forecast(workspace: Workspace, which: MethodParams<'queue.forecast'>, signal: AbortSignal): Promise<MethodResult<'queue.forecast'>> {
  const { home, library, host } = workspace;
  const spec = await host.spec();
  const watched = await lookInto(workspace, spec, 'paths' in which ? which.paths : [fileOf(workspace, which.videoId)], signal);
  const speed = readEncodeSpeed(library, spec);
  const files = watched.map(({ path, durationSeconds, existingFrames }) => {
    const frames = durationSeconds === undefined ? null : framesLeft(durationSeconds, existingFrames);
    return {
      path, frames, diskBytes: frames === null ? null : memoryBytes(spec, frames),
      encodeSeconds: frames === null || speed === undefined ? null : frames / speed.framesPerSecond,
    };
  }).filter(({ frames }) => frames !== 0);
  const longestSeconds = Math.max(0, ...watched.map(({ durationSeconds }) => durationSeconds ?? 0));
  const encodeMemoryBytes = processBytes + encodeNeeds(spec, 'float32');
  const answerMemoryBytes = longestSeconds === 0 ? null
    : processBytes + answerNeeds(spec, spec.weights, 'float32', askedTokens(spec, framesLeft(longestSeconds, 0))).totalBytes;
  const machineMemoryBytes = totalmem();
  const freeDiskBytes = await freeBytes(home.memoriesDirectory);
  const keptDiskBytes = reserveBytes + queuedBytes(workspace, spec, new Set(watched.map(({ videoId }) => videoId)));
  return {
    files, frames: sumKnown(files.map(({ frames }) => frames)), diskBytes: sumKnown(files.map(({ diskBytes }) => diskBytes)),
    encodeSeconds: sumKnown(files.map(({ encodeSeconds }) => encodeSeconds)),
    freeDiskBytes, keptDiskBytes,
    fits: files.reduce((sum, { diskBytes }) => sum + (diskBytes ?? 0), keptDiskBytes) <= freeDiskBytes,
    encodeMemoryBytes, answerMemoryBytes, machineMemoryBytes,
    fitsMemory: Math.max(encodeMemoryBytes, answerMemoryBytes ?? 0) <= machineMemoryBytes,
    modelBytes: spec.byteLength,
    provider: host.status.provider ?? speed?.provider ?? null,
  };
}

function fileOf({ library }: Workspace, videoId: string): string {
  const video = library.videos.get(videoId);
  const file = presentFile(video);
  if (file === undefined) throw new LongtakeError('file-not-found', `The file of ${video.title} is not where it was. Relink it first.`, { videoId });
  return file;
}

/** Several at once: hundreds of files are a matter of seconds. Throws the first failure where there is nothing but failures. */
async function lookInto(workspace: Workspace, spec: ModelSpec, paths: readonly string[], signal: AbortSignal): Promise<Watched[]> {
  const failures: unknown[] = [];
  const files = new Set<string>();
  for (const path of paths) for (const file of await expandPath(path).catch((error: unknown) => { failures.push(error); return []; })) files.add(file);
  const watched = new Map<string, Watched>();
  const left = files.values();
  const lookIntoNext = async (): Promise<void> => {
    for (const file of left) {
      throwIfCancelled(signal);
      await lookIntoFile(workspace, spec, file, signal).then((found) => watched.set(file, found), (error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: lookedIntoAtOnce }, lookIntoNext));
  throwIfCancelled(signal);
  if (watched.size === 0 && failures.length > 0) throw failures[0];
  return [...files].flatMap((file) => watched.get(file) ?? []);
}

/** A file that the library knows, by its place and length, need not be opened. */
async function lookIntoFile({ home, library }: Workspace, spec: ModelSpec, path: string, signal: AbortSignal): Promise<Watched> {
  const video = library.videos.findByPath(path);
  if (video?.durationSeconds === undefined || presentFile({ ...video, paths: [path] }) === undefined) {
    return { path, videoId: undefined, durationSeconds: (await probeVideo(path, { signal })).durationSeconds, existingFrames: 0 };
  }
  const entry = library.memories.find({ videoId: video.id, encoderFingerprint: spec.encoderFingerprint, mode: readSettings(library).decoding });
  const existingFrames = entry === undefined ? 0
    : entry.state === 'complete' ? Infinity
      : (await openMemory(memoryDirectory(home, entry)).catch(() => undefined))?.frameCount ?? 0;
  return { path, videoId: video.id, durationSeconds: video.durationSeconds, existingFrames };
}

/** What the encodes that are on their way already will take, but for those that are looked at. */
function queuedBytes({ library, queue }: Workspace, spec: ModelSpec, without: ReadonlySet<string | undefined>): number {
  return queue.list()
    .filter(({ videoId, state }) => (state === 'queued' || state === 'running' || state === 'paused') && !without.has(videoId))
    .reduce((sum, { videoId, totalSeconds, doneSeconds }) =>
      sum + memoryBytes(spec, framesLeft(totalSeconds ?? library.videos.get(videoId).durationSeconds ?? 0, Math.floor(doneSeconds))), 0);
}

/** null where one of them is not known. */
function sumKnown(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => sum === null || value === null ? null : sum + value, 0);
}
