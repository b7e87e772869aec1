import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { ToolOptions } from './child-process.ts';
import { showPath } from './command-line.ts';
import type { VideoProbe } from './probe.ts';
import { writeStill } from './still.ts';

const width = 480;
/** A tenth in: past titles and black, before anything is given away. */
const share = 0.1;
/** The most typical of this many frames is taken, so that a fade or a flash is not. */
const considered = 24;

/** Writes one picture that stands for a video, a JPEG 480 pixels wide. Throws `ffmpeg-failed` where nothing can be decoded. */
export async function makePoster(probe: VideoProbe, file: string, options: ToolOptions = {}): Promise<void> {
  const { durationSeconds = 0 } = probe;
  // Where a seek lands behind the last picture, the file is read from its beginning.
  for (const startSeconds of durationSeconds === 0 ? [0] : [durationSeconds * share, 0]) {
    const made = await writeStill(probe, file, { ...options, startSeconds, width, choose: [`thumbnail=${considered}`] }).catch((error: unknown) => {
      if (startSeconds === 0 || !isLongtakeError(error, 'ffmpeg-failed')) throw error;
      return false;
    });
    if (made) return;
  }
  throw new LongtakeError('ffmpeg-failed', `No picture of ${showPath(probe.path)} could be decoded.`, { path: probe.path });
}
