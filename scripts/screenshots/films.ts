import { spawnSync } from 'node:child_process';
import { findMediaTools } from '../../engine/media/index.ts';

const sample = new URL('../../resources/sample/pebble-town.mp4', import.meta.url).pathname;

/** A part of the sample as a file that no browser plays: MPEG-4 in AVI. */
export async function makeForeign(file: string, { seconds }: { readonly seconds: number }): Promise<void> {
  const { ffmpeg } = await findMediaTools();
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', '-ss', '1800', '-i', sample, '-t', String(seconds), '-an', '-c:v', 'mpeg4', '-q:v', '6', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg could not make ${file}: ${stderr}`);
}
