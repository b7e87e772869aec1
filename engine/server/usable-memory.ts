import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { Library, MemoryEntry } from '../library/index.ts';
import { manifestFile, openMemory, type Memory } from '../memory/index.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import type { Home } from '../pipeline/home.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { Changes } from './changes.ts';
import { chooseMemory } from './video-cards.ts';

/** Where memories lie, what is noted of them, and who is told of that. */
export type MemoryShelf = { readonly home: Home; readonly library: Library; readonly changes: Changes };
type Usable = { readonly entry: MemoryEntry; readonly memory: Memory };

/** The memory that a model answers from, growing ones included; undefined where none has a frame yet. Throws `memory-invalid`, which is noted. */
export async function openUsableMemory(shelf: MemoryShelf, videoId: string, spec: Pick<ModelSpec, 'encoderFingerprint'>): Promise<Usable | undefined> {
  const { home, library } = shelf;
  for (const entry of chooseMemory(library, videoId, spec.encoderFingerprint)) {
    const memory = await notingDamage(shelf, entry, () => openMemory(memoryDirectory(home, entry)).catch((error: unknown) => {
      if (isLongtakeError(error, 'file-not-found') || (entry.state === 'growing' && lacksManifest(error))) return undefined;
      throw error;
    }));
    if (memory !== undefined && memory.frameCount > 0) return { entry, memory };
  }
  return undefined;
}

/** An encode that has only begun has a folder, and no manifest yet. */
function lacksManifest(error: unknown): boolean {
  return isLongtakeError(error, 'memory-invalid') && error.data['file'] === manifestFile;
}

/**
 * Works on a memory, and notes where its files turn out to have changed or to be missing: cards and settings say so then, and
 * encoding the video begins anew. Passes every error on.
 */
export async function notingDamage<Result>({ library, changes }: Omit<MemoryShelf, 'home'>, entry: MemoryEntry, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isLongtakeError(error, 'memory-invalid')) {
      library.memories.update(entry.id, { state: 'damaged' });
      changes.emit({ topic: 'library' });
    }
    throw error;
  }
}

/** Works on what {@link openUsableMemory} opens, {@link notingDamage}. Throws `memory-invalid`, `memory-mismatch` or `not-found` with what to do. */
export async function withUsableMemory<Result>(shelf: MemoryShelf, videoId: string, spec: ModelSpec, work: (memory: Memory) => Promise<Result>): Promise<Result> {
  const { entry, memory } = await requireUsableMemory(shelf, videoId, spec);
  return await notingDamage(shelf, entry, () => work(memory));
}

/** As {@link openUsableMemory}; throws `memory-invalid`, `memory-mismatch` or `not-found` with what to do. */
export async function requireUsableMemory(shelf: MemoryShelf, videoId: string, spec: ModelSpec): Promise<Usable> {
  const found = await openUsableMemory(shelf, videoId, spec);
  if (found !== undefined) return found;
  const memories = shelf.library.memories.list(videoId);
  if (memories.some(({ encoderFingerprint, state }) => state === 'damaged' && encoderFingerprint === spec.encoderFingerprint)) {
    throw new LongtakeError('memory-invalid', 'Files of this video\'s memory have changed or are missing. Encode the video again: its conversations stay.', { videoId });
  }
  const other = memories.find(({ encoderFingerprint }) => encoderFingerprint !== spec.encoderFingerprint);
  if (other !== undefined) {
    throw new LongtakeError('memory-mismatch', `This video was watched with the encoder ${other.encoderName}, and the model in use looks with ${spec.encoderName}. `
      + 'Choose a model with the memory\'s encoder, or put the video into the queue again to watch it with this one.', { found: other.encoderName, wanted: spec.encoderName });
  }
  throw new LongtakeError('not-found', 'Nothing of this video is in memory yet. Put it into the queue; it can be asked about as soon as its first half minute is encoded.', { videoId });
}
