import { existsSync } from 'node:fs';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { ToolOptions } from './child-process.ts';
import { fileInputArguments, showPath } from './command-line.ts';
import { toneMapping } from './decode-plan.ts';
import type { VideoProbe } from './probe.ts';
import { findMediaTools } from './tools.ts';
import { runTranscode } from './transcode-progress.ts';

const width = 480;
/** A tenth in: past titles and black, before anything is given away. */
const share = 0.1;
/** The most typical of this many frames is taken, so that a fade or a flash is not. */
const considered = 24;

/** Writes one picture that stands for a video, a JPEG 480 pixels wide. Throws `ffmpeg-failed` where nothing can be decoded. */
export async function makePoster(probe: VideoProbe, file: string, options: ToolOptions = {}): Promise<void> {
  const tools = await findMediaTools();
  const { video, durationSeconds = 0 } = probe;
  const height = Math.min(3 * width, Math.max(2, 2 * Math.round((width * video.displayHeight) / video.displayWidth / 2)));
  const filters = [
    `thumbnail=${considered}`, `scale=${width}:${height}`, ...(video.hdr !== 'none' && tools.hasToneMapping ? toneMapping(video.hdr, video.fullRange) : []),
    'setsar=1', 'scale=out_range=full', 'format=yuvj420p',
  ];
  const command = (startSeconds: number): string[] => [
    ...(startSeconds > 0 ? ['-ss', startSeconds.toFixed(3)] : []), ...fileInputArguments(probe.path), '-map', `0:${video.index}`, '-an', '-sn',
    '-vf', filters.join(','), '-frames:v', '1', '-q:v', '4', '-f', 'image2', '-update', '1', '-y', file,
  ];
  // A seek that lands behind the last picture gives none, and no error: such a file is read from its beginning.
  for (const startSeconds of durationSeconds === 0 ? [0] : [durationSeconds * share, 0]) {
    await runTranscode(tools.ffmpeg, probe.path, command(startSeconds), options).catch((error: unknown) => {
      if (startSeconds === 0 || !isLongtakeError(error, 'ffmpeg-failed')) throw error;
    });
    if (existsSync(file)) return;
  }
  throw new LongtakeError('ffmpeg-failed', `No picture of ${showPath(probe.path)} could be decoded.`, { path: probe.path });
}
