import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { seal, unseal } from './sealed-json.ts';

const cueSchema = z.strictObject({ startSeconds: z.number(), endSeconds: z.number(), text: z.string() });
const trackSchema = z.strictObject({
  language: z.string().optional(),
  title: z.string().optional(),
  source: z.enum(['embedded', 'sidecar']),
  cues: z.array(cueSchema),
});
const format = 'longtake-subtitles';
const formatVersion = 1;
const subtitlesSchema = z.strictObject({
  format: z.literal(format), version: z.literal(formatVersion), tracks: z.array(trackSchema), sha256: z.string(),
});

/** One subtitle track as it was when the video was encoded. */
export type MemorySubtitleTrack = z.infer<typeof trackSchema>;

export function serialiseSubtitles(tracks: readonly MemorySubtitleTrack[]): Uint8Array {
  return seal({
    format,
    version: formatVersion,
    tracks: tracks.map(({ language, title, source, cues }) => ({
      ...(language !== undefined && { language }),
      ...(title !== undefined && { title }),
      source,
      cues: cues.map(({ startSeconds, endSeconds, text }) => ({ startSeconds, endSeconds, text })),
    })),
  });
}

export function parseSubtitles(bytes: Uint8Array, file: string): MemorySubtitleTrack[] {
  const parsed = subtitlesSchema.safeParse(unseal(bytes, format, formatVersion, file).value);
  if (!parsed.success) {
    throw new LongtakeError('memory-invalid', `${file} does not hold subtitles: ${z.prettifyError(parsed.error)}`, { file });
  }
  return parsed.data.tracks;
}
