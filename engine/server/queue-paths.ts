import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { isVideoName } from '../protocol/video-names.ts';

const maximumFiles = 1000;

/** The path itself, or the videos below a folder in the order of their names. Throws `file-not-found` for an empty one. */
export async function expandPath(given: string): Promise<string[]> {
  const absolute = path.resolve(given);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory() !== true) return [absolute];
  const names = await readdir(absolute, { recursive: true });
  const videos = names.filter(isVideoName);
  if (videos.length === 0) throw new LongtakeError('file-not-found', `There is no video in the folder ${JSON.stringify(given)}.`, { path: given });
  if (videos.length > maximumFiles) {
    throw new LongtakeError('bad-argument', `The folder ${JSON.stringify(given)} holds ${videos.length} videos; ${maximumFiles} are taken at once. Choose folders inside of it.`, { path: given });
  }
  return videos.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).map((name) => path.join(absolute, name));
}
