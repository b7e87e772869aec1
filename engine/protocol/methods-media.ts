import { z } from 'zod';

const nothing = z.strictObject({});
const videoId = z.string().min(1).max(100);

export const subtitleTracksSchema = z.array(z.object({
  source: z.enum(['embedded', 'sidecar']),
  language: z.string().optional(),
  title: z.string().optional(),
  cues: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), text: z.string() })),
}));

/** What a player and a timeline need of a video's file; each is made once and goes with the video. */
export const mediaMethods = {
  /** From the file, the files beside it or the memory, whether or not it was encoded. */
  'video.subtitles': { params: z.strictObject({ videoId }), result: z.object({ tracks: subtitleTracksSchema }) },
  /** What is on screen at a second, from the file: a JPEG as base64. Throws `file-not-found` where that is not here, `no-frames` behind the end. */
  'video.still': { params: z.strictObject({ videoId, seconds: z.number().nonnegative() }), result: z.object({ jpegBase64: z.string() }) },
  /** How loud it is over its length; null without sound. Reports progress the first time. */
  'waveform.get': {
    params: z.strictObject({ videoId }),
    result: z.object({
      waveform: z.object({
        bucketsPerSecond: z.number(),
        peaksBase64: z.string().describe('a byte for each bucket: the square root of its largest amplitude, 0 to 255'),
      }).nullable(),
    }),
  },
  /** Makes a copy that the player can play (`proxy/<video id>`). Reports progress in seconds of the video; stops when nobody waits for it. */
  'proxy.make': { params: z.strictObject({ videoId }), result: z.object({ byteLength: z.number() }) },
  'proxy.remove': { params: z.strictObject({ videoId }), result: nothing },
} as const;
