import { existsSync } from 'node:fs';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import type { Library, MemoryEntry, Video } from '../library/index.ts';
import { fingerprintVideo } from '../media/index.ts';
import { openMemory, removeMemory, storedByteLength, sweepMemories } from '../memory/index.ts';
import { memoryDirectory } from './engine.ts';
import { removeDerived } from './derived-files.ts';
import type { Home } from './home.ts';
import { byteLengthBelow } from './storage.ts';
import { isUpload, removeUpload } from './uploads.ts';

export type LibraryVideo = Pick<Video, 'id' | 'title' | 'fingerprint' | 'durationSeconds' | 'paths' | 'folderId'> & {
  readonly memories: readonly (Pick<MemoryEntry, 'id' | 'encoderName' | 'mode' | 'state' | 'frameCount'> & { readonly byteLength: number })[];
  readonly conversations: number;
};

export type LibraryDescription = { readonly videos: readonly LibraryVideo[]; readonly folders: readonly { readonly id: string; readonly name: string }[]; readonly byteLength: number };

/** What is in the library and what it takes, read from the memories themselves where one is still growing. */
export async function describeLibrary(home: Home, library: Library): Promise<LibraryDescription> {
  await sweepMemories(home.memoriesDirectory);
  const videos: LibraryVideo[] = [];
  for (const { id, title, fingerprint, durationSeconds, paths, folderId } of library.videos.list()) {
    const memories = await Promise.all(library.memories.list(id).map((entry) => describeMemory(home, entry)));
    videos.push({ id, title, fingerprint, durationSeconds, paths, folderId, memories, conversations: library.conversations.list({ videoId: id }).length });
  }
  return { videos, folders: library.folders.list().map(({ id, name }) => ({ id, name })), byteLength: await byteLengthBelow(home.root) };
}

async function describeMemory(home: Home, entry: MemoryEntry): Promise<LibraryVideo['memories'][number]> {
  const { id, encoderName, mode, state, frameCount, byteLength } = entry;
  if (state === 'complete') return { id, encoderName, mode, state, frameCount, byteLength };
  const growing = await openMemory(memoryDirectory(home, entry)).catch(() => undefined);
  return {
    id, encoderName, mode, state, frameCount: growing?.frameCount ?? 0,
    byteLength: growing === undefined ? 0 : storedByteLength(growing.manifest),
  };
}

/** A video of the library by its file, title, id or fingerprint. Throws `not-found`. */
export async function findVideo(library: Library, name: string): Promise<Video> {
  // What lies at a path now need not be what lay there when it was encoded: the fingerprint decides.
  const video = existsSync(name) ? library.videos.findByFingerprint(await fingerprintVideo(name)) : searchVideo(library, name);
  if (video !== undefined) return video;
  throw new LongtakeError('not-found', `No video "${name}" is in the library. "longtake library list" shows what is.`, { video: name });
}

/** By title, id, or the path of a file that is not there now; undefined where there is none. Throws `not-found` where a title fits several. */
export function searchVideo(library: Library, name: string): Video | undefined {
  const videos = library.videos.list();
  const file = path.resolve(name);
  const exact = videos.find(({ id, fingerprint, paths }) => id === name || fingerprint === name || paths.includes(file));
  const titled = videos.filter(({ title }) => title === name);
  if (exact === undefined && titled.length > 1) {
    const paths = titled.map((video) => video.paths[0] ?? video.id).join(', ');
    throw new LongtakeError('not-found', `${titled.length} videos are called "${name}". Name the one you mean: ${paths}.`, { video: name });
  }
  return exact ?? titled[0];
}

/**
 * Deletes a video's memories, conversations and everything made of its file, for good. The file itself is not ours,
 * unless it came through a browser. Throws `library-busy` during an encode.
 */
export async function removeVideo(home: Home, library: Library, video: Video): Promise<{ readonly title: string; readonly byteLength: number }> {
  let byteLength = 0;
  for (const entry of library.memories.list(video.id)) {
    const directory = memoryDirectory(home, entry);
    byteLength += await byteLengthBelow(directory);
    await removeMemory(directory);
  }
  byteLength += await removeDerived(home, video.id);
  for (const file of video.paths.filter((each) => isUpload(home, each))) {
    byteLength += await byteLengthBelow(file);
    await removeUpload(home, file);
  }
  library.videos.remove(video.id);
  library.videos.purge({ id: video.id });
  return { title: video.title, byteLength };
}
