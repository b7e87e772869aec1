import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findMediaTools } from '../../../../engine/media/index.ts';

const sample = path.join(import.meta.dirname, '../../../../resources/sample/pebble-town.mp4');

/** A part of the sample as a file of its own, cut without encoding again: the demo model knows what is in it. */
export async function cutSample(file: string, { startSeconds = 0, seconds }: { readonly startSeconds?: number; readonly seconds: number }): Promise<string> {
  await runFfmpeg(['-ss', `${startSeconds}`, '-i', sample, '-t', `${seconds}`, '-map', '0:v', '-c', 'copy', file]);
  return file;
}

/** Files that people do drop and that are no videos. */
export async function makeBadFiles(directory: string): Promise<{ readonly empty: string; readonly text: string; readonly sound: string; readonly emptyFolder: string }> {
  const at = (name: string): string => path.join(directory, name);
  mkdirSync(at('holiday'), { recursive: true });
  writeFileSync(at('empty.mp4'), '');
  writeFileSync(at('notes.mp4'), 'Dear diary,\n'.repeat(100));
  await runFfmpeg(['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2', '-c:a', 'aac', at('song.mp4')]);
  return { empty: at('empty.mp4'), text: at('notes.mp4'), sound: at('song.mp4'), emptyFolder: at('holiday') };
}

async function runFfmpeg(args: readonly string[]): Promise<void> {
  const { ffmpeg } = await findMediaTools();
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')} failed: ${stderr}`);
}
