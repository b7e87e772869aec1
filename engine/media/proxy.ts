import type { WorkOptions } from '../protocol/progress.ts';
import { isLongtakeError } from '../protocol/errors.ts';
import { fileInputArguments } from './command-line.ts';
import { toneMapping } from './decode-plan.ts';
import { judgePlayability } from './playability.ts';
import type { VideoProbe } from './probe.ts';
import { findMediaTools, type MediaTools } from './tools.ts';
import { runTranscode } from './transcode-progress.ts';

const maximumHeight = 720;
const maximumWidth = 1280;
/** Of an encoded one, pictures and sound together; measured on films at 720p with these settings it stays below. */
const encodedBytesPerSecond = 350_000;

/** What a copy that Chromium plays will take at most, before it is made. */
export function forecastProxyBytes(probe: VideoProbe): number {
  const playability = judgePlayability(probe);
  const encoded = (probe.durationSeconds ?? 3600) * encodedBytesPerSecond;
  return !playability.playable && !playability.reencode ? probe.byteLength : Math.min(encoded, Math.max(probe.byteLength * 2, 10_000_000));
}

/**
 * Makes a copy that Chromium plays: the same pictures in an MP4 where only container or sound are the trouble, otherwise
 * H.264 of at most 720 lines. Second 0 is the video's own second 0. Progress counts seconds of the video.
 * Throws `cancelled`, `disk-full`, `ffmpeg-failed`.
 */
export async function makeProxy(probe: VideoProbe, file: string, { signal, onProgress }: WorkOptions = {}): Promise<void> {
  const tools = await findMediaTools();
  const run = (args: readonly string[]): Promise<void> => runTranscode(tools.ffmpeg, probe.path, [...fileInputArguments(probe.path), ...args, '-y', file], {
    signal,
    onSeconds: (done) => { onProgress?.({ stage: 'proxy', done: Math.min(done, probe.durationSeconds ?? done), ...(probe.durationSeconds !== undefined && { total: probe.durationSeconds }) }); },
  });
  const playability = judgePlayability(probe);
  if (!playability.playable && !playability.reencode) {
    try {
      await run([...commonArguments(probe), '-c:v', 'copy']);
      return;
    } catch (error) {
      // Streams that fit no MP4 (no timestamps, broken headers) are encoded like any other.
      if (!isLongtakeError(error, 'ffmpeg-failed')) throw error;
    }
  }
  await run([...commonArguments(probe), ...encodeArguments(probe, tools)]);
}

/** Pictures and the first sound track; the index of an MP4 at its beginning, so that it plays before it is read whole. */
function commonArguments(probe: VideoProbe): string[] {
  const [sound] = probe.audio;
  return [
    '-map', `0:${probe.video.index}`, ...(sound === undefined ? [] : ['-map', `0:${sound.index}`]), '-sn', '-dn', '-map_chapters', '-1',
    ...(sound === undefined ? [] : sound.codec === 'aac' || sound.codec === 'mp3' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '160k', '-ac', '2']),
    '-max_muxing_queue_size', '4096', '-movflags', '+faststart', '-f', 'mp4',
  ];
}

function encodeArguments({ video }: VideoProbe, tools: Pick<MediaTools, 'hasToneMapping'>): string[] {
  const scale = Math.min(1, maximumHeight / Math.min(video.displayHeight, video.displayWidth), maximumWidth / Math.max(video.displayHeight, video.displayWidth));
  const even = (pixels: number): number => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  const filters = [
    ...(video.fieldOrder === 'interlaced' ? ['yadif'] : []),
    `scale=${even(video.displayWidth)}:${even(video.displayHeight)}`,
    ...(video.hdr !== 'none' && tools.hasToneMapping ? toneMapping(video.hdr, video.fullRange) : []),
    'setsar=1', 'format=yuv420p',
  ];
  return ['-vf', filters.join(','), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-maxrate', '2500k', '-bufsize', '5000k', '-force_key_frames', 'expr:gte(t,n_forced*2)'];
}
