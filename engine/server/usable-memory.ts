import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { Library, MemoryEntry } from '../library/index.ts';
import { manifestFile, openMemory, type Memory } from '../memory/index.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import type { Home } from '../pipeline/home.ts';
import type { ModelSpec } from '../models/spec.ts';
import { chooseMemory } from './video-cards.ts';

/** The memory that a model answers from, growing ones included; undefined where none has a frame yet. */
export async function openUsableMemory(
  home: Home, library: Library, videoId: string, spec: Pick<ModelSpec, 'encoderFingerprint'>,
): Promise<{ readonly entry: MemoryEntry; readonly memory: Memory } | undefined> {
  for (const entry of chooseMemory(library, videoId, spec.encoderFingerprint)) {
    const memory = await openMemory(memoryDirectory(home, entry)).catch((error: unknown) => {
      if (isLongtakeError(error, 'file-not-found') || (entry.state === 'growing' && lacksManifest(error))) return undefined;
      throw error;
    });
    if (memory !== undefined && memory.frameCount > 0) return { entry, memory };
  }
  return undefined;
}

/** An encode that has only begun has a folder, and no manifest yet. */
function lacksManifest(error: unknown): boolean {
  return isLongtakeError(error, 'memory-invalid') && error.data['file'] === manifestFile;
}

/** As {@link openUsableMemory}; throws `memory-mismatch` or `not-found` with what to do. */
export async function requireUsableMemory(home: Home, library: Library, videoId: string, spec: ModelSpec): Promise<Memory> {
  const found = await openUsableMemory(home, library, videoId, spec);
  if (found !== undefined) return found.memory;
  const other = library.memories.list(videoId).find(({ encoderFingerprint }) => encoderFingerprint !== spec.encoderFingerprint);
  if (other !== undefined) {
    throw new LongtakeError('memory-mismatch', `This video was watched with the encoder ${other.encoderName}, and the model in use looks with ${spec.encoderName}. `
      + 'Choose a model with the memory\'s encoder, or put the video into the queue again to watch it with this one.', { found: other.encoderName, wanted: spec.encoderName });
  }
  throw new LongtakeError('not-found', 'Nothing of this video is in memory yet. Put it into the queue; it can be asked about as soon as its first half minute is encoded.', { videoId });
}
