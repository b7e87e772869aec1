import type { VideoDescription } from './describe-probe.ts';

/**
 * Whether Chromium plays a file as it is. `reencode` says whether its pictures must be encoded again for a copy that
 * plays, or only be put into another container, with sound of another kind.
 */
export type Playability =
  | { readonly playable: true }
  | { readonly playable: false; readonly reencode: boolean; readonly reason: string };

/** ffprobe's names of the demuxers that Chromium has as well: MP4 and MOV, Matroska and WebM. */
const playableContainers = /^(mov,mp4|matroska,webm)/;
/** All with 8 and 10 bits, 4:2:0 to 4:4:4. HEVC plays only where the system brings a decoder. */
const playableVideo = new Set(['h264', 'vp8', 'vp9', 'av1']);
/** What of those an MP4 can hold. */
const videoForMp4 = new Set(['h264', 'vp9', 'av1']);
/** Others are left out without a word: the film plays silently. */
const playableAudio = new Set(['aac', 'mp3', 'opus', 'vorbis', 'flac', 'pcm_s16le']);

/** From what the file says of itself; the rules were measured with the Chromium of the tests (docs/media.md). */
export function judgePlayability({ container, video, audio }: {
  readonly container: string; readonly video: Pick<VideoDescription['video'], 'codec'>; readonly audio: readonly { readonly codec: string }[];
}): Playability {
  if (!playableVideo.has(video.codec)) {
    return { playable: false, reencode: true, reason: `Its pictures are ${video.codec}, which this player cannot show.` };
  }
  const reencode = !videoForMp4.has(video.codec);
  if (!playableContainers.test(container)) {
    return { playable: false, reencode, reason: `It is a file of the kind "${container.split(',')[0] ?? container}", which this player cannot open.` };
  }
  const [sound] = audio;
  if (sound !== undefined && !playableAudio.has(sound.codec)) {
    return { playable: false, reencode, reason: `Its sound is ${sound.codec}, which this player cannot play.` };
  }
  return { playable: true };
}
