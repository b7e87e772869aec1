import { toWireError } from '../protocol/envelope.ts';
import type { MethodResult } from '../protocol/methods.ts';
import { fingerprintVideo, probeVideo } from '../media/index.ts';
import { videoTitle } from '../pipeline/suggestions.ts';
import { isUpload, mergeUpload, removeUpload } from '../pipeline/uploads.ts';
import { expandPath } from './queue-paths.ts';
import { readSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';
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
  if (memory?.state === 'complete') {
    queue.forgetEnded(video.id);
    return { outcome: 'in-memory', path: file, videoId: video.id };
  }
  return { outcome: 'queued', path: file, videoId: video.id, jobId: queue.add(video.id, { path: probe.path, decoding }).id };
}
