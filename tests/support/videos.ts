import { spawnSync } from 'node:child_process';
import { findMediaTools } from '../../engine/media/index.ts';

/** Makes a moving test picture as H.264. */
export async function makeVideo(file: string, { seconds, width = 160, height = 90, framesPerSecond = 5 }: {
  readonly seconds: number; readonly width?: number; readonly height?: number; readonly framesPerSecond?: number;
}): Promise<void> {
  const { ffmpeg } = await findMediaTools();
  const result = spawnSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`,
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', file], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`ffmpeg could not make ${file}: ${result.stderr}`);
}
