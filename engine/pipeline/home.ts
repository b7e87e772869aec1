import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { jsonText } from '../protocol/json-text.ts';

/** Where everything of one user lives. Created where it is missing. */
export type Home = {
  readonly root: string;
  /** Where the search begins: holds a pointer once the library has been moved. */
  readonly defaultRoot: string;
  readonly libraryFile: string;
  /** One folder a memory. */
  readonly memoriesDirectory: string;
  /** One folder a model package. */
  readonly modelsDirectory: string;
  /** One file a video that no browser plays as it is. */
  readonly proxiesDirectory: string;
  /** One folder a video: what is made of its file once and can be made again. */
  readonly derivedDirectory: string;
  /** One folder a file that came through a browser. */
  readonly uploadsDirectory: string;
  /** Exports that a browser fetches; made when the first is. */
  readonly downloadsDirectory: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Says where a library has been moved to. It stays behind in the default folder. */
export const locationFile = 'location.json';
/** Says where the web host that runs now can be reached. */
export const runningHostFile = 'host.json';
/** Its time says when Electron could not be fetched. */
export const electronFailureFile = 'electron-not-fetched';
/** What lies in the default folder for itself, not for the library. */
export const defaultFolderNames: readonly string[] = [locationFile, runningHostFile, electronFailureFile];
const locationSchema = z.object({ version: z.literal(1), root: z.string() });

/** `LONGTAKE_HOME`, or the platform's own folder for application data. */
export function defaultRoot(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (environment['LONGTAKE_HOME']) return path.resolve(environment['LONGTAKE_HOME']);
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Longtake');
  if (platform === 'win32') return path.join(environment['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Longtake');
  return path.join(environment['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'longtake');
}

/**
 * Opens the user's folder, following the pointer that a move has left.
 * Throws `read-only` where it cannot be written, `file-not-found` where the drive that it was moved to is not there.
 */
export function openHome(start: string = defaultRoot()): Home {
  const root = movedRoot(start) ?? start;
  const home: Home = {
    root,
    defaultRoot: start,
    libraryFile: path.join(root, 'library.sqlite'),
    memoriesDirectory: path.join(root, 'memories'),
    modelsDirectory: path.join(root, 'models'),
    proxiesDirectory: path.join(root, 'proxies'),
    derivedDirectory: path.join(root, 'derived'),
    uploadsDirectory: path.join(root, 'uploads'),
    downloadsDirectory: path.join(root, 'downloads'),
  };
  try {
    for (const directory of [home.memoriesDirectory, home.modelsDirectory, home.proxiesDirectory, home.derivedDirectory, home.uploadsDirectory]) mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new LongtakeError('read-only',
      `Longtake cannot write to its folder ${root}: ${cause instanceof Error ? cause.message : String(cause)}. `
      + 'Set LONGTAKE_HOME to a folder that can be written.', { root }, { cause });
  }
  return home;
}

/** Where the library of a default folder has been moved to; undefined where it is still there. */
export function movedRoot(start: string): string | undefined {
  const file = path.join(start, locationFile);
  if (!existsSync(file)) return undefined;
  const parsed = jsonText.pipe(locationSchema).safeParse(readFileSync(file, 'utf8'));
  if (!parsed.success) throw new LongtakeError('file-unreadable', `${file} does not say where the library is. If you know where it is, write {"version": 1, "root": "THAT FOLDER"} into it; remove it to start with an empty library.`, { file });
  // An empty new library in place of the real one would look like a loss.
  if (!existsSync(parsed.data.root)) {
    throw new LongtakeError('file-not-found', `The library was moved to ${parsed.data.root}, which is not there now. `
      + `Connect that drive, or remove ${file} to start with an empty library.`, { root: parsed.data.root });
  }
  return parsed.data.root;
}
