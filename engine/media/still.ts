import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import type { ToolOptions } from './child-process.ts';
import { fileInputArguments, showPath } from './command-line.ts';
import { toneMapping } from './decode-plan.ts';
import type { VideoProbe } from './probe.ts';
import { findMediaTools } from './tools.ts';
import { runTranscode } from './transcode-progress.ts';

export type StillOptions = ToolOptions & {
  /** Of the video's own time. */
  readonly startSeconds: number;
  /** In pixels; the height follows from the film's proportions. */
  readonly width: number;
  /** Filters that choose among the pictures from there on. Default: the first. */
  readonly choose?: readonly string[];
};

/**
 * Writes one picture of a video as a JPEG. Returns whether there was one: a seek that lands behind the last gives none, and no error.
 * Throws `ffmpeg-failed` where nothing can be decoded.
 */
export async function writeStill(probe: VideoProbe, file: string, { startSeconds, width, choose = [], ...options }: StillOptions): Promise<boolean> {
  const tools = await findMediaTools();
  const { video } = probe;
  const height = Math.min(3 * width, Math.max(2, 2 * Math.round((width * video.displayHeight) / video.displayWidth / 2)));
  const filters = [
    ...choose, `scale=${width}:${height}`, ...(video.hdr !== 'none' && tools.hasToneMapping ? toneMapping(video.hdr, video.fullRange) : []),
    'setsar=1', 'scale=out_range=full', 'format=yuvj420p',
  ];
  await runTranscode(tools.ffmpeg, probe.path, [
    ...(startSeconds > 0 ? ['-ss', startSeconds.toFixed(3)] : []), ...fileInputArguments(probe.path), '-map', `0:${video.index}`, '-an', '-sn',
    '-vf', filters.join(','), '-frames:v', '1', '-q:v', '4', '-f', 'image2', '-update', '1', '-y', file,
  ], options);
  return existsSync(file);
}

const stillWidth = 640;

/** What is on screen at a second, a JPEG 640 pixels wide. Throws `no-frames` behind the end, `ffmpeg-failed` where nothing can be decoded. */
export async function readStill(probe: VideoProbe, seconds: number, options: ToolOptions = {}): Promise<Uint8Array> {
  const directory = await mkdtemp(path.join(tmpdir(), 'longtake-still-'));
  const file = path.join(directory, 'still.jpg');
  try {
    if (await writeStill(probe, file, { ...options, startSeconds: seconds, width: stillWidth })) return await readFile(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  throw new LongtakeError('no-frames', `There is no picture at ${seconds} s of ${showPath(probe.path)}.`, { path: probe.path, seconds });
}
