import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { seal, unseal } from './sealed-json.ts';

export const memoryFormat = 'longtake-memory';
/** Raised whenever an older Longtake could misread what a newer one writes (docs/memory-format.md). */
export const memoryFormatVersion = 1;
export const manifestFile = 'manifest.json';
export const subtitlesFile = 'subtitles.json';

/**
 * One frame is one second. A crash costs at most this many frames of encoding, a question during an encode sees
 * all but this many, and a chunk of the real tower (64 tokens of 1152 channels) is 4.7 MB.
 */
export const framesPerChunk = 32;

const count = z.int().nonnegative();
const positive = z.int().positive();
const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const seconds = z.number().nonnegative();

const fileSchema = z.strictObject({ byteLength: positive, sha256: hash });
const chunkSchema = z.strictObject({
  frames: positive,
  /** Over the bytes of the chunk's PTS alone, so that a timeline is checked without reading the features. */
  ptsSha256: hash,
  features: fileSchema,
  thumbnails: fileSchema,
});
const gapSchema = z.strictObject({ startSeconds: z.number(), endSeconds: z.number(), reason: z.string() });

const headerShape = {
  video: z.strictObject({ fingerprint: z.string().min(1), fileName: z.string(), durationSeconds: seconds.optional() }),
  encoder: z.strictObject({ fingerprint: z.string().min(1), name: z.string(), imageSize: positive }),
  features: z.strictObject({ tokensPerFrame: positive, channels: positive, dtype: z.literal('F16') }),
  mode: z.enum(['exact', 'fast']),
};
export const memoryHeaderSchema = z.strictObject(headerShape);

const manifestSchema = z.strictObject({
  format: z.literal(memoryFormat),
  version: z.literal(memoryFormatVersion),
  ...headerShape,
  framesPerChunk: positive,
  frameCount: count,
  complete: z.boolean(),
  /** Of the presentation, as read; absent until the memory is complete. */
  durationSeconds: seconds.optional(),
  gaps: z.array(gapSchema),
  subtitles: fileSchema.optional(),
  chunks: z.array(chunkSchema),
  sha256: hash,
});

/** What is known of a memory before its first frame. */
export type MemoryHeader = z.infer<typeof memoryHeaderSchema>;
/** Seconds of the video that could not be read, and why. */
export type MemoryGap = z.infer<typeof gapSchema>;
export type MemoryFile = z.infer<typeof fileSchema>;
export type MemoryChunk = z.infer<typeof chunkSchema>;
export type MemoryManifest = z.infer<typeof manifestSchema>;
export type UnsealedManifest = Omit<MemoryManifest, 'format' | 'version' | 'sha256'>;

export const featuresFile = (chunk: number): string => `features-${String(chunk).padStart(6, '0')}.safetensors`;
export const thumbnailsFile = (chunk: number): string => `thumbnails-${String(chunk).padStart(6, '0')}.safetensors`;

/** Every file beside the manifest, in the order in which an archive holds them. */
export function listFiles(manifest: MemoryManifest): { readonly name: string; readonly file: MemoryFile }[] {
  const chunks = manifest.chunks.flatMap(({ features, thumbnails }, index) => [
    { name: featuresFile(index), file: features },
    { name: thumbnailsFile(index), file: thumbnails },
  ]);
  return manifest.subtitles === undefined ? chunks : [{ name: subtitlesFile, file: manifest.subtitles }, ...chunks];
}

/** Bytes that the files of a memory take, its manifest aside. */
export function storedByteLength(manifest: MemoryManifest): number {
  return listFiles(manifest).reduce((sum, { file }) => sum + file.byteLength, 0);
}

/** Writes a manifest in the one order of members that makes equal memories equal bytes. */
export function serialiseManifest(manifest: UnsealedManifest): Uint8Array {
  const { video, encoder, features, durationSeconds, subtitles } = manifest;
  return seal({
    format: memoryFormat,
    version: memoryFormatVersion,
    video: {
      fingerprint: video.fingerprint,
      fileName: video.fileName,
      ...(video.durationSeconds !== undefined && { durationSeconds: video.durationSeconds }),
    },
    encoder: { fingerprint: encoder.fingerprint, name: encoder.name, imageSize: encoder.imageSize },
    features: { tokensPerFrame: features.tokensPerFrame, channels: features.channels, dtype: features.dtype },
    mode: manifest.mode,
    framesPerChunk: manifest.framesPerChunk,
    frameCount: manifest.frameCount,
    complete: manifest.complete,
    ...(durationSeconds !== undefined && { durationSeconds }),
    gaps: manifest.gaps.map(({ startSeconds, endSeconds, reason }) => ({ startSeconds, endSeconds, reason })),
    ...(subtitles !== undefined && { subtitles: orderedFile(subtitles) }),
    chunks: manifest.chunks.map(({ frames, ptsSha256, features: chunkFeatures, thumbnails }) => ({
      frames, ptsSha256, features: orderedFile(chunkFeatures), thumbnails: orderedFile(thumbnails),
    })),
  });
}

const orderedFile = ({ byteLength, sha256 }: MemoryFile): MemoryFile => ({ byteLength, sha256 });

/** Parses and checks a manifest: hash, version, schema, and that its counts agree with each other. */
export function parseManifest(bytes: Uint8Array, name: string): MemoryManifest {
  const { value } = unseal(bytes, memoryFormat, memoryFormatVersion, name);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    throw new LongtakeError('memory-invalid',
      `${name} does not describe a memory: ${z.prettifyError(parsed.error)}`, { file: name }, { cause: parsed.error });
  }
  const manifest = parsed.data;
  const problem = inconsistency(manifest);
  if (problem !== undefined) throw new LongtakeError('memory-invalid', `${name} contradicts itself: ${problem}.`, { file: name });
  return manifest;
}

function inconsistency(manifest: MemoryManifest): string | undefined {
  const { chunks, complete, frameCount } = manifest;
  const total = chunks.reduce((sum, { frames }) => sum + frames, 0);
  if (total !== frameCount) return `its chunks hold ${total} frames and it states ${frameCount}`;
  const short = chunks.findIndex(({ frames }, index) =>
    frames > manifest.framesPerChunk || (frames < manifest.framesPerChunk && !(complete && index === chunks.length - 1)));
  if (short !== -1) return `chunk ${short} holds ${chunks[short]?.frames} frames and should hold ${manifest.framesPerChunk}`;
  if (complete && frameCount === 0) return 'it is complete and holds no frame';
  if (complete !== (manifest.durationSeconds !== undefined)) return 'durationSeconds belongs to complete memories, and to each of them';
  if (!complete && manifest.subtitles !== undefined) return 'subtitles belong to complete memories';
  return undefined;
}
