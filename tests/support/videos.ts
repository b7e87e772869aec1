import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
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

/** Makes a film of still scenes that look nothing like each other, each so many seconds long, as H.264. */
export async function makeScenes(file: string, sceneSeconds: readonly number[]): Promise<void> {
  const { ffmpeg } = await findMediaTools();
  const looks = ['color=c=red', 'smptebars', 'color=c=blue', 'rgbtestsrc'];
  const scenes = sceneSeconds.flatMap((seconds, index) => {
    const look = looks[index % looks.length] ?? '';
    return ['-f', 'lavfi', '-i', `${look}${look.includes('=') ? ':' : '='}size=160x90:rate=5:duration=${seconds}`];
  });
  const result = spawnSync(ffmpeg, ['-v', 'error', '-y', ...scenes, '-filter_complex', `${sceneSeconds.map((_, index) => `[${index}]format=yuv420p,setsar=1[s${index}];`).join('')}${
    sceneSeconds.map((_, index) => `[s${index}]`).join('')}concat=n=${sceneSeconds.length}`, '-c:v', 'libx264', '-preset', 'ultrafast', file], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`ffmpeg could not make ${file}: ${result.stderr}`);
}

/**
 * An ffmpeg for another process that gives so many bytes of pictures and then waits until it is released: what reads with it
 * cannot be over before somebody has looked, however busy the machine is. What it is asked for beside pictures it does as ever.
 */
export async function makeWaitingFfmpeg(folder: string, byteLength: number): Promise<{ readonly environment: Record<string, string>; readonly release: () => void }> {
  const { ffmpeg, ffprobe } = await findMediaTools();
  const [script, gate] = [path.join(folder, 'waiting-ffmpeg'), path.join(folder, 'released')];
  // Who started it has to be able to end it: this process becomes ffmpeg itself, and who waits for it ends with it.
  writeFileSync(script, `#!/bin/sh
case "$*" in
  *showinfo*)
    pipe="${script}.$$"
    mkfifo "$pipe"
    { head -c ${byteLength}; while [ ! -e "${gate}" ] && kill -0 $$; do sleep 0.1; done; cat; } < "$pipe" 2> /dev/null 3>&- &
    exec "${ffmpeg}" "$@" > "$pipe" ;;
  *) exec "${ffmpeg}" "$@" ;;
esac
`, { mode: 0o755 });
  return { environment: { LONGTAKE_FFMPEG: script, LONGTAKE_FFPROBE: ffprobe }, release: () => { writeFileSync(gate, ''); } };
}
