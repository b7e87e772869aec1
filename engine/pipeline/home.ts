import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';

/** Where everything of one user lives. Created where it is missing. */
export type Home = {
  readonly root: string;
  readonly libraryFile: string;
  /** One folder a memory, named by its id. */
  readonly memoriesDirectory: string;
  /** One folder a model package. */
  readonly modelsDirectory: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** `LONGTAKE_HOME`, or the platform's own folder for application data. */
export function homeRoot(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (environment['LONGTAKE_HOME']) return path.resolve(environment['LONGTAKE_HOME']);
  switch (platform) {
    case 'darwin': return path.join(homedir(), 'Library', 'Application Support', 'Longtake');
    case 'win32': return path.join(environment['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Longtake');
    default: return path.join(environment['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'longtake');
  }
}

/** Opens the user's folder. Throws `read-only` where it cannot be written. */
export function openHome(root: string = homeRoot()): Home {
  const home: Home = {
    root,
    libraryFile: path.join(root, 'library.sqlite'),
    memoriesDirectory: path.join(root, 'memories'),
    modelsDirectory: path.join(root, 'models'),
  };
  try {
    for (const directory of [home.memoriesDirectory, home.modelsDirectory]) mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new LongtakeError('read-only',
      `Longtake cannot write to its folder ${root}: ${cause instanceof Error ? cause.message : String(cause)}. `
      + 'Set LONGTAKE_HOME to a folder that can be written.', { root }, { cause });
  }
  return home;
}
