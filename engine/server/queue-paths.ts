import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';

/** What is taken from a folder without being asked for by name. A file that is given itself is always tried. */
const videoEndings = new Set(['.3gp', '.avi', '.flv', '.m2ts', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg', '.mpg', '.mts', '.mxf', '.ogv', '.ts', '.vob', '.webm', '.wmv']);
const maximumFiles = 1000;

/** The path itself, or the videos below a folder in the order of their names. Throws `file-not-found` for an empty one. */
export async function expandPath(given: string): Promise<string[]> {
  const absolute = path.resolve(given);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory() !== true) return [absolute];
  const names = await readdir(absolute, { recursive: true });
  const videos = names.filter((name) => videoEndings.has(path.extname(name).toLowerCase()) && !path.basename(name).startsWith('.'));
  if (videos.length === 0) throw new LongtakeError('file-not-found', `There is no video in the folder ${JSON.stringify(given)}.`, { path: given });
  if (videos.length > maximumFiles) {
    throw new LongtakeError('bad-argument', `The folder ${JSON.stringify(given)} holds ${videos.length} videos; ${maximumFiles} are taken at once. Choose folders inside of it.`, { path: given });
  }
  return videos.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).map((name) => path.join(absolute, name));
}
