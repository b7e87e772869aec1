import path from 'node:path';
import { toWireError } from '../protocol/envelope.ts';
import type { MethodParams, MethodResult } from '../protocol/methods.ts';
import type { Library } from '../library/index.ts';
import { fingerprintVideo, probeVideo } from '../media/index.ts';
import { videoTitle } from '../pipeline/pebble-town.ts';
import { isUpload, mergeUpload, removeUpload } from '../pipeline/uploads.ts';
import { expandPath } from './queue-paths.ts';
import { readSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';
import { presentFile } from './video-cards.ts';

type AddResult = MethodResult<'queue.add'>['results'][number];

/**
 * Looks into every file, notes the video, and puts it into the queue where its memory is not whole. One bad file refuses only
 * itself. A folder of the disk that holds several videos becomes one of the library.
 */
export async function enqueuePaths(workspace: Workspace, { paths, folder: together }: MethodParams<'queue.add'>, signal: AbortSignal): Promise<MethodResult<'queue.add'>> {
  const results: AddResult[] = [];
  const folders: MethodResult<'queue.add'>['folders'] = [];
  for (const given of paths) {
    let file = given;
    try {
      const files = await expandPath(given);
      const videoIds: string[] = [];
      for (file of files) {
        const result = await enqueueFile(workspace, file, signal).catch((error: unknown) => refusal(file, error));
        results.push(result);
        if (result.outcome !== 'refused') videoIds.push(result.videoId);
        workspace.changes.emit({ topic: 'library' }); // cards appear while a long list is looked into
      }
      // Only a folder holds several; the root of a drive has no name.
      const name = files.length > 1 ? path.basename(path.resolve(given)) : '';
      const folder = name === '' ? undefined : fillFolder(workspace.library, name, videoIds);
      if (folder !== undefined) folders.push(folder);
    } catch (error) {
      results.push(refusal(given, error));
    }
  }
  const filled = together === undefined ? undefined : fillFolder(workspace.library, together, results.flatMap((result) => result.outcome === 'refused' ? [] : [result.videoId]));
  if (filled !== undefined) folders.push(filled);
  workspace.changes.emit({ topic: 'library' });
  return { results, folders };
}

/** Puts videos that are in no folder into the one of this name; one alone needs none. A person's own order stays as it is. */
function fillFolder(library: Library, name: string, videoIds: readonly string[]): MethodResult<'queue.add'>['folders'][number] | undefined {
  const loose = videoIds.filter((videoId) => library.videos.get(videoId).folderId === null);
  const known = library.folders.findByName(name);
  if (loose.length === 0 || (known === undefined && loose.length < 2)) return undefined;
  return library.transaction(() => {
    const folder = known ?? library.folders.create(name);
    library.folders.put(loose, folder.id);
    return { id: folder.id, name: folder.name, videoCount: loose.length };
  });
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
