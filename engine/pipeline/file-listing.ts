import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { isVideoName } from '../protocol/video-names.ts';

const memoryEnding = '.longtake';
const maximumEntries = 5000;
/** Every entry is looked at, many at a time: a folder on another machine answers slowly. */
const lookedAtOnce = 32;

export type FileEntry = { readonly name: string; readonly path: string; readonly kind: 'folder' | 'video' | 'memory'; readonly byteLength: number; readonly modifiedAtMs: number };
export type FolderListing = { readonly directory: string; readonly parent: string | null; readonly entries: readonly FileEntry[]; readonly left: number };

/** Folders and files that Longtake opens, folders first. Throws `file-not-found` and `file-unreadable`. */
export async function listFolder(given: string): Promise<FolderListing> {
  const directory = path.resolve(given);
  const names = (await readdir(directory).catch((cause: unknown) => { throw unreadable(directory, cause); }))
    .filter((name) => !name.startsWith('.')).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const entries: FileEntry[] = [];
  for (let from = 0; from < names.length; from += lookedAtOnce) {
    const found = await Promise.all(names.slice(from, from + lookedAtOnce).map((name) => describeEntry(directory, name)));
    entries.push(...found.filter((entry) => entry !== undefined));
  }
  const ordered = [...entries.filter(({ kind }) => kind === 'folder'), ...entries.filter(({ kind }) => kind !== 'folder')];
  const parent = path.dirname(directory);
  return { directory, parent: parent === directory ? null : parent, entries: ordered.slice(0, maximumEntries), left: Math.max(0, ordered.length - maximumEntries) };
}

/** Undefined for what is no folder, video or memory, and for a link that leads nowhere. */
async function describeEntry(directory: string, name: string): Promise<FileEntry | undefined> {
  const file = path.join(directory, name);
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) return undefined;
  const kind = stats.isDirectory() ? 'folder' : !stats.isFile() ? undefined
    : isVideoName(name) ? 'video' : path.extname(name).toLowerCase() === memoryEnding ? 'memory' : undefined;
  return kind && { name, path: file, kind, byteLength: kind === 'folder' ? 0 : stats.size, modifiedAtMs: Math.round(stats.mtimeMs) };
}

export type Shortcut = { readonly kind: 'home' | 'desktop' | 'documents' | 'downloads' | 'videos' | 'drive'; readonly name: string; readonly path: string };

/** Where people keep films: their own folders, and what drives are connected. Only what is there. */
export async function listShortcuts(platform: NodeJS.Platform = process.platform, home = homedir()): Promise<Shortcut[]> {
  const own: Shortcut[] = [
    { kind: 'home', name: path.basename(home), path: home },
    { kind: 'desktop', name: 'Desktop', path: path.join(home, 'Desktop') },
    { kind: 'documents', name: 'Documents', path: path.join(home, 'Documents') },
    { kind: 'downloads', name: 'Downloads', path: path.join(home, 'Downloads') },
    { kind: 'videos', name: platform === 'darwin' ? 'Movies' : 'Videos', path: path.join(home, platform === 'darwin' ? 'Movies' : 'Videos') },
  ];
  const all = [...own, ...await listDrives(platform)];
  const there = await Promise.all(all.map(({ path: folder }) => access(folder, constants.R_OK).then(() => true, () => false)));
  return all.filter((_, index) => there[index]);
}

async function listDrives(platform: NodeJS.Platform): Promise<Shortcut[]> {
  const drive = (folder: string): Shortcut => ({ kind: 'drive', name: path.basename(folder) || folder, path: folder });
  if (platform === 'win32') return [...'CDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => drive(`${letter}:\\`));
  const parents = platform === 'darwin' ? ['/Volumes'] : [`/media/${process.env['USER'] ?? ''}`, `/run/media/${process.env['USER'] ?? ''}`, '/mnt'];
  const inside = await Promise.all(parents.map(async (parent) => (await readdir(parent).catch(() => [])).map((name) => drive(path.join(parent, name)))));
  return [drive(platform === 'darwin' ? '/Volumes' : '/'), ...inside.flat()];
}

function unreadable(directory: string, cause: unknown): LongtakeError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  if (code === 'ENOENT') return new LongtakeError('file-not-found', `There is no folder ${JSON.stringify(directory)}. Check whether its drive is connected.`, { path: directory }, { cause });
  if (code === 'ENOTDIR') return new LongtakeError('bad-argument', `${JSON.stringify(directory)} is a file, not a folder.`, { path: directory }, { cause });
  return new LongtakeError('file-unreadable', `The folder ${JSON.stringify(directory)} cannot be read (${code}). Check its permissions.`, { path: directory }, { cause });
}
