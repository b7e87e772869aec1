import { statSync } from 'node:fs';
import type { VideoCard } from '../protocol/methods-library.ts';
import type { MethodResult } from '../protocol/methods.ts';
import type { Library, MemoryEntry, Video } from '../library/index.ts';
import { openMemory, storedByteLength } from '../memory/index.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import type { Home } from '../pipeline/home.ts';
import { isPebbleTown } from '../pipeline/pebble-town.ts';

/**
 * Where a video can be read now: the first of its paths that leads to a file of its length. The length is part of the
 * fingerprint; reading the whole fingerprint at every look would wake a sleeping disk.
 */
export function presentFile({ fingerprint, paths }: Pick<Video, 'fingerprint' | 'paths'>): string | undefined {
  const byteLength = Number(fingerprint.split('-')[1]);
  return paths.find((path) => {
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() === true && stats.size === byteLength;
    } catch {
      return false; // a folder that may not be entered, a drive that fails: as good as not there
    }
  });
}

export async function listVideos(home: Home, library: Library, removed = false): Promise<MethodResult<'library.list'>> {
  const videos = await Promise.all(library.videos.list({ removed }).map((video) => describeVideo(home, library, video)));
  return { videos, folders: library.folders.list(), byteLength: videos.flatMap(({ memories }) => memories).reduce((sum, { byteLength }) => sum + byteLength, 0) };
}

export async function describeVideo(home: Home, library: Library, video: Video): Promise<VideoCard> {
  const present = presentFile(video);
  const path = present ?? video.paths[0];
  return {
    id: video.id, title: video.title, addedAtMs: video.addedAtMs,
    ...(video.durationSeconds !== undefined && { durationSeconds: video.durationSeconds }),
    ...(path !== undefined && { path }),
    present: present !== undefined,
    isPebbleTown: await isPebbleTown(video),
    memories: await Promise.all(library.memories.list(video.id).map((entry) => describeEntry(home, entry))),
    conversations: library.conversations.list({ videoId: video.id }).length,
    folderId: video.folderId,
  };
}

/** The library notes the size of a memory when it is complete; a growing one says it itself. */
async function describeEntry(home: Home, entry: MemoryEntry): Promise<VideoCard['memories'][number]> {
  const { id, encoderName, encoderFingerprint, mode, state, frameCount, byteLength } = entry;
  if (state === 'complete') return { id, encoderName, encoderFingerprint, mode, state, frameCount, byteLength };
  const growing = await openMemory(memoryDirectory(home, entry)).catch(() => undefined);
  return {
    id, encoderName, encoderFingerprint, mode, state, frameCount: growing?.frameCount ?? 0, byteLength: growing === undefined ? 0 : storedByteLength(growing.manifest),
  };
}

/**
 * The memory of a video that a model can answer from: a complete one before one that grows, an exact one before a fast
 * one; undefined where none has a frame yet.
 */
export function chooseMemory(library: Library, videoId: string, encoderFingerprint: string): MemoryEntry[] {
  const rank = ({ state, mode }: MemoryEntry): number => (state === 'complete' ? 0 : 2) + (mode === 'exact' ? 0 : 1);
  return library.memories.list(videoId).filter((entry) => entry.encoderFingerprint === encoderFingerprint && entry.state !== 'damaged')
    .sort((one, other) => rank(one) - rank(other));
}
