import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { copyOf, decodeThumbnails, locateFeatures } from './chunk.ts';
import { featuresFile, subtitlesFile, thumbnailsFile, type MemoryManifest } from './manifest.ts';
import { readFeatureRange, readPts } from './read-chunk.ts';
import { parseSubtitles, type MemorySubtitleTrack } from './subtitles.ts';
import { checkHashes, checkSizes, readChecked, readManifest } from './verify.ts';

export type OpenMemoryOptions = WorkOptions & {
  /** True reads and checks every file now. By default each file is checked when it is first used. */
  readonly verify?: boolean;
  /** Fingerprint of the model's encoder. A memory of another one is refused with `memory-mismatch`. */
  readonly encoder?: { readonly fingerprint: string; readonly name: string };
};

/**
 * Opens a memory for reading. Takes no lock: a growing memory can be opened while it is being written, and shows
 * the frames that were durable at that moment. Open it again to see more.
 * Throws `file-not-found`, `memory-invalid`, `newer-version`, `memory-mismatch`.
 */
export async function openMemory(directory: string, options: OpenMemoryOptions = {}): Promise<Memory> {
  const manifest = await readManifest(directory);
  const { encoder } = options;
  if (encoder !== undefined && encoder.fingerprint !== manifest.encoder.fingerprint) {
    throw new LongtakeError('memory-mismatch', `The memory ${directory} was made by the encoder ${manifest.encoder.name}, and this model `
      + `looks with ${encoder.name}. Use a model with the memory's encoder, or encode the video again with this one.`,
    { directory, found: manifest.encoder.fingerprint, wanted: encoder.fingerprint });
  }
  await checkSizes(directory, manifest);
  if (options.verify === true) await checkHashes(directory, manifest, options);
  const ptsSeconds = new Float64Array(manifest.frameCount);
  for (const [index, chunk] of manifest.chunks.entries()) {
    ptsSeconds.set(await readPts(path.join(directory, featuresFile(index)), chunk, manifest.features), index * manifest.framesPerChunk);
  }
  const descent = ptsSeconds.findIndex((pts, index) => !(pts > (ptsSeconds[index - 1] ?? -Infinity)));
  if (descent !== -1) {
    throw new LongtakeError('memory-invalid', `The memory ${directory} has times that do not ascend at frame ${descent} `
      + `(${ptsSeconds[descent]} s). Encode the video again.`, { directory, frame: descent });
  }
  const subtitles = manifest.subtitles === undefined ? []
    : parseSubtitles(await readChecked(directory, subtitlesFile, manifest.subtitles), path.join(directory, subtitlesFile));
  return new Memory(directory, manifest, ptsSeconds, subtitles);
}

/** A memory as it was when it was opened. It holds no file open and needs no closing. */
export class Memory {
  readonly directory: string;
  readonly manifest: MemoryManifest;
  /** Real presentation time of every frame, ascending. // [frames] */
  readonly ptsSeconds: Float64Array;
  readonly subtitles: readonly MemorySubtitleTrack[];
  readonly #verifiedChunks = new Set<number>();
  #thumbnails: { readonly chunk: number; readonly jpegs: Promise<Uint8Array[]> } | undefined;

  /** For {@link openMemory}. */
  constructor(directory: string, manifest: MemoryManifest, ptsSeconds: Float64Array, subtitles: readonly MemorySubtitleTrack[]) {
    this.directory = directory;
    this.manifest = manifest;
    this.ptsSeconds = ptsSeconds;
    this.subtitles = subtitles;
  }

  get frameCount(): number {
    return this.manifest.frameCount;
  }

  /** Of the video; while it is still being encoded, up to the end of its last frame. */
  get durationSeconds(): number {
    return this.manifest.durationSeconds ?? (this.ptsSeconds.at(-1) ?? -1) + 1;
  }

  /** False while the video is still being encoded: then `ptsSeconds` says how far it has come. */
  get complete(): boolean {
    return this.manifest.complete;
  }

  /**
   * Features of the frames `[from, to)`. Checks the sha256 of a chunk when it is first touched.
   * Throws `memory-invalid` for a damaged chunk, `bad-argument` for frames that the memory does not have.
   * @returns float16 bits // [to - from, tokens, channels]
   */
  async readFeatures(from: number, to: number): Promise<Uint16Array> {
    this.#checkRange(from, to);
    const { framesPerChunk, features } = this.manifest;
    const valuesPerFrame = features.tokensPerFrame * features.channels;
    const result = new Uint16Array((to - from) * valuesPerFrame);
    for (let start = from; start < to;) {
      const chunk = Math.floor(start / framesPerChunk);
      const first = chunk * framesPerChunk;
      const end = Math.min(to, first + framesPerChunk);
      result.set(await this.#readFromChunk(chunk, start - first, end - first), (start - from) * valuesPerFrame);
      start = end;
    }
    return result;
  }

  /** The JPEG of a frame, at most 160 pixels wide; undefined where it has none. */
  async thumbnail(frame: number): Promise<Uint8Array | undefined> {
    this.#checkRange(frame, frame + 1);
    const chunk = Math.floor(frame / this.manifest.framesPerChunk);
    // Neighbours are asked for next: the last chunk stays in RAM, about 130 kB.
    if (this.#thumbnails?.chunk !== chunk) this.#thumbnails = { chunk, jpegs: this.#readThumbnails(chunk) };
    const jpeg = (await this.#thumbnails.jpegs)[frame % this.manifest.framesPerChunk];
    return jpeg?.byteLength ? jpeg : undefined;
  }

  async #readFromChunk(index: number, from: number, to: number): Promise<Uint16Array> {
    const chunk = this.manifest.chunks[index];
    if (chunk === undefined) throw new LongtakeError('internal', `Chunk ${index} is not in the manifest.`);
    const { tokensPerFrame, channels } = this.manifest.features;
    const name = featuresFile(index);
    const file = path.join(this.directory, name);
    if (this.#verifiedChunks.has(index)) return await readFeatureRange(file, chunk, this.manifest.features, from, to);
    const bytes = await readChecked(this.directory, name, chunk.features);
    const { features } = locateFeatures(bytes, bytes.byteLength, [chunk.frames, tokensPerFrame, channels], file);
    this.#verifiedChunks.add(index);
    const frameBytes = tokensPerFrame * channels * 2;
    return new Uint16Array(copyOf(bytes, features.start + from * frameBytes, features.start + to * frameBytes));
  }

  async #readThumbnails(index: number): Promise<Uint8Array[]> {
    const chunk = this.manifest.chunks[index];
    if (chunk === undefined) throw new LongtakeError('internal', `Chunk ${index} is not in the manifest.`);
    const name = thumbnailsFile(index);
    return decodeThumbnails(await readChecked(this.directory, name, chunk.thumbnails), chunk.frames, path.join(this.directory, name));
  }

  #checkRange(from: number, to: number): void {
    if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= this.frameCount) return;
    throw new LongtakeError('bad-argument', `Frames ${from} to ${to} are not in this memory of ${this.frameCount}.`, { from, to });
  }
}
