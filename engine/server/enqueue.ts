import { totalmem } from 'node:os';
import { toWireError } from '../protocol/envelope.ts';
import type { MethodParams, MethodResult } from '../protocol/methods.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { fingerprintVideo, probeVideo, type VideoProbe } from '../media/index.ts';
import { answerNeeds, encodeNeeds, processBytes } from '../models/needs.ts';
import { forecastIngest, reserveBytes } from '../pipeline/forecast.ts';
import { videoTitle } from '../pipeline/suggestions.ts';
import { isUpload, mergeUpload, removeUpload } from '../pipeline/uploads.ts';
import { readEncodeSpeed } from './encode-speed.ts';
import { expandPath } from './queue-paths.ts';
import { readSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';
import { openUsableMemory } from './usable-memory.ts';
import { presentFile } from './video-cards.ts';

type AddResult = MethodResult<'queue.add'>['results'][number];

/** Looks into every file, notes the video, and puts it into the queue where its memory is not whole. One bad file refuses only itself. */
export async function enqueuePaths(workspace: Workspace, paths: readonly string[], signal: AbortSignal): Promise<AddResult[]> {
  const results: AddResult[] = [];
  for (const given of paths) {
    let file = given;
    try {
      for (file of await expandPath(given)) {
        results.push(await enqueueFile(workspace, file, signal).catch((error: unknown) => refusal(file, error)));
        workspace.changes.emit({ topic: 'library' }); // cards appear while a long list is looked into
      }
    } catch (error) {
      results.push(refusal(given, error));
    }
  }
  return results;
}

function refusal(file: string, error: unknown): AddResult {
  return { outcome: 'refused', path: file, error: toWireError(error) };
}

export async function enqueueFile(workspace: Workspace, file: string, signal: AbortSignal): Promise<AddResult> {
  try {
    return await noteVideo(workspace, file, signal);
  } catch (error) {
    await removeUpload(workspace.home, file); // what is refused is not kept
    throw error;
  }
}

async function noteVideo({ home, library, host, queue, derived }: Workspace, given: string, signal: AbortSignal): Promise<AddResult> {
  const fingerprint = await fingerprintVideo(given, { signal });
  // The same film was sent again: the library has it, so the new copy goes.
  const known = isUpload(home, given) ? library.videos.findByFingerprint(fingerprint) : undefined;
  const present = known && presentFile(known);
  if (present !== undefined && present !== given) await mergeUpload(home, given, present);
  const file = present ?? given;
  const probe = await probeVideo(file, { signal });
  const video = library.videos.upsert({ fingerprint, path: probe.path, title: videoTitle(probe.path), probe, durationSeconds: probe.durationSeconds });
  derived.prepare(video.id);
  const { decoding } = readSettings(library);
  const { encoderFingerprint } = await host.spec();
  const memory = library.memories.find({ videoId: video.id, encoderFingerprint, mode: decoding });
  if (memory?.state === 'complete') return { outcome: 'in-memory', path: file, videoId: video.id };
  return { outcome: 'queued', path: file, videoId: video.id, jobId: queue.add(video.id, { path: probe.path, decoding }).id };
}

/** What watching a video will take, less what is encoded already. */
export async function forecast(workspace: Workspace, which: MethodParams<'queue.forecast'>, signal: AbortSignal): Promise<MethodResult<'queue.forecast'>> {
  const { home, library, host } = workspace;
  const video = 'videoId' in which ? library.videos.get(which.videoId) : undefined;
  const file = 'path' in which ? which.path : presentFile(library.videos.get(which.videoId));
  if (file === undefined) throw new LongtakeError('file-not-found', `The file of ${video?.title ?? 'this video'} is not where it was. Relink it first.`);
  const probe: VideoProbe = await probeVideo(file, { signal });
  return await host.use(async ({ engine }) => {
    const { spec } = engine.model;
    const growing = video && await openUsableMemory(home, library, video.id, spec);
    const { frames, diskBytes, freeDiskBytes } = await forecastIngest(engine, probe, growing?.memory.frameCount);
    const speed = readEncodeSpeed(library, spec);
    const memoryTokens = frames === undefined ? undefined : (frames + (growing?.memory.frameCount ?? 0)) * (spec.tokensPerFrame + 1);
    const encodeMemoryBytes = processBytes + encodeNeeds(spec, 'float32');
    const answerMemoryBytes = memoryTokens === undefined ? null : processBytes + answerNeeds(spec, spec.weights, 'float32', memoryTokens).totalBytes;
    return {
      encodeMemoryBytes, answerMemoryBytes, machineMemoryBytes: totalmem(),
      fitsMemory: Math.max(encodeMemoryBytes, answerMemoryBytes ?? 0) <= totalmem(),
      frames: frames ?? null, diskBytes: diskBytes ?? null, freeDiskBytes,
      fits: diskBytes === undefined || diskBytes + reserveBytes <= freeDiskBytes,
      encodeSeconds: frames === undefined || speed === undefined ? null : frames / speed.framesPerSecond,
      modelBytes: spec.byteLength,
      provider: host.status.provider ?? speed?.provider ?? null,
    };
  });
}
