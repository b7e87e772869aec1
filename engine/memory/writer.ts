import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import { bytesOf, encodeFeatures, encodeThumbnails } from './chunk.ts';
import { replaceDurable, syncDirectory, writeDurable } from './durable-files.ts';
import { onFile } from './file-errors.ts';
import { lockMemory, type MemoryLock } from './lock.ts';
import {
  featuresFile, framesPerChunk, manifestFile, memoryHeaderSchema, serialiseManifest, subtitlesFile, thumbnailsFile,
  type MemoryFile, type MemoryGap, type MemoryHeader, type UnsealedManifest,
} from './manifest.ts';
import { PendingFrames, type ChunkFrames, type FrameFeatures } from './pending-frames.ts';
import { mergeGaps, recoverMemory, removeUnlisted } from './resume.ts';
import { sha256 } from './sealed-json.ts';
import { serialiseSubtitles, type MemorySubtitleTrack } from './subtitles.ts';

/** What is known once the video has been read to its end. */
export type MemoryEnd = {
  readonly durationSeconds: number;
  /** Merged with what {@link MemoryWriter.append} was told, each gap once. */
  readonly gaps?: readonly MemoryGap[];
  readonly subtitles?: readonly MemorySubtitleTrack[];
};

/**
 * Writes one memory, frames in order. What {@link frameCount} counts is on the disk for good: chunks are written
 * whole and never touched again, and the manifest that lists them is replaced in one step. Frames of the chunk
 * that was being filled when a process died are simply encoded again, and so the finished folder depends on
 * nothing but its header, frames and end: not on append sizes, the clock, or when and how often it was killed.
 *
 * It holds a lock until {@link close} or {@link finish}. One call at a time: await each.
 */
export class MemoryWriter {
  readonly directory: string;
  #manifest: UnsealedManifest;
  /** Gaps behind the last durable frame: saved with the first chunk that reaches beyond them. */
  #laterGaps: readonly MemoryGap[] = [];
  readonly #pending: PendingFrames;
  readonly #lock: MemoryLock;
  #state: 'open' | 'writing' | 'failed' | 'closed' = 'open';

  private constructor(directory: string, manifest: UnsealedManifest, lastPtsSeconds: number, lock: MemoryLock) {
    this.directory = directory;
    this.#manifest = manifest;
    this.#pending = new PendingFrames(manifest.features, manifest.framesPerChunk, lastPtsSeconds);
    this.#lock = lock;
  }

  /**
   * Starts a memory in a folder that is new, empty, or left by a process that died before it had written anything.
   * Throws `bad-argument` where the folder already holds one, `read-only`, `disk-full`, `library-busy`.
   */
  static async create(directory: string, header: MemoryHeader): Promise<MemoryWriter> {
    await createDirectory(directory);
    return await underLock(directory, (lock) => startMemory(directory, header, lock));
  }

  /**
   * Continues a memory behind its {@link frameCount} durable frames. Every byte of them is verified first, so that
   * nothing is built on damage; files of a chunk that was cut off are removed.
   * Throws `memory-invalid`, `newer-version`, `library-busy`; `memory-mismatch` where `expected` differs from the
   * memory's own header (another encoder, video or mode); `bad-argument` where the memory is complete.
   */
  static async resume(directory: string, expected?: MemoryHeader): Promise<MemoryWriter> {
    return await underLock(directory, (lock) => continueMemory(directory, expected, lock));
  }

  /**
   * Continues the memory that the folder holds, or creates one. Ask `openMemory` first where it may be complete already:
   * a process can die between the last step of {@link finish} and noting it elsewhere.
   */
  static async open(directory: string, header: MemoryHeader): Promise<MemoryWriter> {
    await createDirectory(directory);
    return await underLock(directory, async (lock) => {
      const exists = await access(path.join(directory, manifestFile)).then(() => true, () => false);
      return exists ? await continueMemory(directory, header, lock) : await startMemory(directory, header, lock);
    });
  }

  /** For the functions of this file alone: everybody else comes through `create`, `resume` or `open`. */
  static from(directory: string, manifest: UnsealedManifest, lastPtsSeconds: number, lock: MemoryLock): MemoryWriter {
    return new MemoryWriter(directory, manifest, lastPtsSeconds, lock);
  }

  /** Frames that are on the disk for good. After a resume, the caller continues behind this many. */
  get frameCount(): number {
    return this.#manifest.frameCount;
  }

  /**
   * Takes any number of frames, in order. Returns once every chunk that they fill is on the disk.
   * Throws `bad-argument`, changing nothing, for wrong lengths or times that do not ascend. After any other error
   * the writer is over; what {@link frameCount} counts is safe, and {@link resume} continues from there.
   */
  async append(frames: FrameFeatures): Promise<void> {
    await this.#exclusively(async () => {
      this.#pending.check(frames);
      this.#laterGaps = [...this.#laterGaps, ...frames.gaps ?? []];
      for (const chunk of this.#pending.fill(frames)) await this.#save(await this.#withChunk(chunk));
    });
  }

  /**
   * Writes the last, partly filled chunk and the subtitles, marks the memory complete, and closes the writer.
   * Throws `no-frames` for a memory without any.
   */
  async finish({ durationSeconds, gaps = [], subtitles = [] }: MemoryEnd): Promise<void> {
    await this.#exclusively(async () => {
      const tail = this.#pending.take();
      if (this.frameCount === 0 && tail === undefined) {
        throw new LongtakeError('no-frames', `The memory ${this.directory} holds no frame: nothing of the video could be read, `
          + 'so nothing can be asked of it.', { directory: this.directory });
      }
      const manifest = tail === undefined ? this.#manifest : await this.#withChunk(tail);
      await this.#save({
        ...manifest,
        complete: true,
        durationSeconds,
        gaps: mergeGaps([...manifest.gaps, ...this.#laterGaps, ...gaps]),
        ...(subtitles.length > 0 && { subtitles: await this.#write(subtitlesFile, [serialiseSubtitles(subtitles)]) }),
      });
    });
    await this.close();
  }

  /** Releases the folder. Frames that fill no chunk are dropped; a resumed writer asks for them again. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    await this.#lock.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #exclusively(run: () => Promise<void>): Promise<void> {
    if (this.#state !== 'open') {
      throw new LongtakeError('bad-argument', `The memory ${this.directory} takes no frames now: its writer is ${this.#state}. `
        + (this.#state === 'writing' ? 'Await each call before the next.' : 'Open it again to continue.'));
    }
    this.#state = 'writing';
    try {
      await run();
      this.#state = 'open';
    } catch (error) {
      this.#state = isLongtakeError(error, 'bad-argument') ? 'open' : 'failed';
      throw error;
    }
  }

  /** Writes a chunk's two files and returns the manifest that lists them. */
  async #withChunk({ ptsSeconds, features, thumbnails }: ChunkFrames): Promise<UnsealedManifest> {
    const before = this.#manifest;
    const { tokensPerFrame, channels } = before.features;
    const index = before.chunks.length;
    const lastPtsSeconds = ptsSeconds.at(-1) ?? -Infinity;
    const passed = this.#laterGaps.filter(({ endSeconds }) => endSeconds <= lastPtsSeconds);
    this.#laterGaps = this.#laterGaps.filter((gap) => !passed.includes(gap));
    const chunk = {
      frames: ptsSeconds.length,
      ptsSha256: sha256(bytesOf(ptsSeconds)),
      features: await this.#write(featuresFile(index), encodeFeatures(ptsSeconds, features, tokensPerFrame, channels)),
      thumbnails: await this.#write(thumbnailsFile(index), encodeThumbnails(thumbnails)),
    };
    return {
      ...before,
      frameCount: before.frameCount + chunk.frames,
      gaps: mergeGaps([...before.gaps, ...passed]),
      chunks: [...before.chunks, chunk],
    };
  }

  async #write(name: string, parts: readonly Uint8Array[]): Promise<MemoryFile> {
    await writeDurable(path.join(this.directory, name), parts);
    return { byteLength: parts.reduce((sum, { byteLength }) => sum + byteLength, 0), sha256: sha256(...parts) };
  }

  async #save(manifest: UnsealedManifest): Promise<void> {
    // The files must be on the disk, names included, before a manifest speaks of them.
    await syncDirectory(this.directory);
    await replaceDurable(path.join(this.directory, manifestFile), serialiseManifest(manifest));
    this.#manifest = manifest;
  }
}

/** Before the lock, whose name is made from the folder's real path. */
async function createDirectory(directory: string): Promise<void> {
  await onFile('create the memory', directory, () => mkdir(directory, { recursive: true }));
}

async function startMemory(directory: string, header: MemoryHeader, lock: MemoryLock): Promise<MemoryWriter> {
  const parsed = memoryHeaderSchema.safeParse(header);
  if (!parsed.success) {
    throw new LongtakeError('bad-argument', `A memory cannot begin with this header: ${z.prettifyError(parsed.error)}`);
  }
  if (await access(path.join(directory, manifestFile)).then(() => true, () => false)) {
    throw new LongtakeError('bad-argument', `${directory} already holds a memory. Continue it or remove it first.`, { directory });
  }
  await removeUnlisted(directory, undefined);
  const manifest = { ...parsed.data, framesPerChunk, frameCount: 0, complete: false, gaps: [], chunks: [] };
  await replaceDurable(path.join(directory, manifestFile), serialiseManifest(manifest));
  await syncDirectory(path.dirname(path.resolve(directory)));
  return MemoryWriter.from(directory, manifest, -Infinity, lock);
}

async function continueMemory(directory: string, expected: MemoryHeader | undefined, lock: MemoryLock): Promise<MemoryWriter> {
  const { manifest, lastPtsSeconds } = await recoverMemory(directory, expected);
  return MemoryWriter.from(directory, manifest, lastPtsSeconds, lock);
}

async function underLock(directory: string, run: (lock: MemoryLock) => Promise<MemoryWriter>): Promise<MemoryWriter> {
  const lock = await lockMemory(directory);
  try {
    return await run(lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}
