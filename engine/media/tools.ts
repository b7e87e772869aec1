import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { runTool } from './child-process.ts';

export type MediaTools = {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Where ffmpeg was found. */
  readonly source: ToolSource;
  /** First line of `ffmpeg -version`. */
  readonly version: string;
  /** From 5.1 on ffmpeg has `-fps_mode`, and later generations drop the older `-vsync`. */
  readonly hasFpsMode: boolean;
  /** Needed to map HDR to the range a picture file has; without it HDR frames look washed out. */
  readonly hasToneMapping: boolean;
};

export type ToolSource = 'environment' | 'ffmpeg-static' | 'path' | 'installer';

type Candidate = { readonly source: ToolSource; readonly path: string };
type Attempt = Candidate & { readonly failure: string };

const executableSuffix = process.platform === 'win32' ? '.exe' : '';
const cache = new Map<string, Promise<MediaTools>>();

/**
 * Finds ffmpeg and ffprobe: `LONGTAKE_FFMPEG` (`LONGTAKE_FFPROBE`), then the ffmpeg-static package, then PATH,
 * then the binaries inside the installer packages. A candidate counts only once it has really run. A variable that
 * is set but does not work is an error rather than a fallback: whoever set it wants that build.
 * Found once per environment. Throws `ffmpeg-missing` with everything that was tried.
 */
export function findMediaTools(environment: NodeJS.ProcessEnv = process.env): Promise<MediaTools> {
  const key = [environment.LONGTAKE_FFMPEG, environment.LONGTAKE_FFPROBE, environment.PATH].join('\n');
  let found = cache.get(key);
  if (!found) {
    found = search(environment);
    cache.set(key, found);
    found.catch(() => cache.delete(key)); // the user may install it and try again
  }
  return found;
}

async function search(environment: NodeJS.ProcessEnv): Promise<MediaTools> {
  const ffmpeg = await firstThatRuns('ffmpeg', environment, ffmpegCandidates(environment));
  const ffprobe = await firstThatRuns('ffprobe', environment, ffprobeCandidates(environment, ffmpeg.path));
  const filters = await runTool(ffmpeg.path, ['-hide_banner', '-filters']);
  return {
    ffmpeg: ffmpeg.path,
    ffprobe: ffprobe.path,
    source: ffmpeg.source,
    version: ffmpeg.versionText.split('\n')[0] ?? '',
    hasFpsMode: parseLibraryVersion(ffmpeg.versionText) >= 57.028,
    hasToneMapping: / zscale /.test(filters.stdout) && / tonemap /.test(filters.stdout),
  };
}

/** libavutil's version in `ffmpeg -version` as major + minor / 1000, 0 where there is none. 57.28 came with 5.1. */
export function parseLibraryVersion(versionText: string): number {
  const match = /libavutil\s+(\d+)\.\s*(\d+)/.exec(versionText);
  return match ? Number(match[1]) + Number(match[2]) / 1000 : 0;
}

function ffmpegCandidates(environment: NodeJS.ProcessEnv): Candidate[] {
  if (environment.LONGTAKE_FFMPEG) return [{ source: 'environment', path: environment.LONGTAKE_FFMPEG }];
  return [
    ...fromPackage('ffmpeg-static', 'ffmpeg-static'),
    ...onPath('ffmpeg', environment),
    ...fromPackage('installer', '@ffmpeg-installer/ffmpeg'),
  ];
}

function ffprobeCandidates(environment: NodeJS.ProcessEnv, ffmpegPath: string): Candidate[] {
  if (environment.LONGTAKE_FFPROBE) return [{ source: 'environment', path: environment.LONGTAKE_FFPROBE }];
  const beside: Candidate = { source: 'environment', path: join(dirname(ffmpegPath), `ffprobe${executableSuffix}`) };
  return [
    ...(dirname(ffmpegPath) === '.' ? [] : [beside]),
    ...onPath('ffprobe', environment),
    ...fromPackage('installer', '@ffprobe-installer/ffprobe'),
  ];
}

function onPath(name: string, environment: NodeJS.ProcessEnv): Candidate[] {
  return (environment.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => ({ source: 'path', path: join(folder, `${name}${executableSuffix}`) }));
}

/** These optional packages export the binary's path, or throw where the platform has none. */
function fromPackage(source: ToolSource, packageName: string): Candidate[] {
  try {
    const exported: unknown = createRequire(import.meta.url)(packageName);
    const path = typeof exported === 'object' && exported !== null && 'path' in exported ? exported.path : exported;
    return typeof path === 'string' ? [{ source, path }] : [];
  } catch {
    return [];
  }
}

async function firstThatRuns(name: string, environment: NodeJS.ProcessEnv, candidates: Candidate[]): Promise<Candidate & { versionText: string }> {
  const attempts: Attempt[] = [];
  for (const candidate of candidates) {
    if (candidate.source === 'installer') await makeExecutable(candidate.path);
    const result = await tryCandidate(name, candidate.path);
    if ('versionText' in result) return { ...candidate, versionText: result.versionText };
    attempts.push({ ...candidate, failure: result.failure });
  }
  const variable = `LONGTAKE_${name.toUpperCase()}`;
  const tried = attempts.filter(({ source, failure }) => source !== 'path' || failure !== 'not there');
  const list = tried.map(({ path, failure }) => `${path} (${failure})`);
  if (!environment[variable]) list.push('PATH (not there)');
  throw new LongtakeError('ffmpeg-missing',
    `No working ${name} was found. Tried: ${list.join('; ')}. Install ffmpeg, or set ${variable} to the full path of ${name}.`,
    { tool: name, tried: attempts });
}

/** npm unpacks ffprobe's installer package without the executable bit; only its install script, which does not run, sets it. */
async function makeExecutable(path: string): Promise<void> {
  const isExecutable = await access(path, constants.X_OK).then(() => true, () => false);
  if (!isExecutable) await chmod(path, 0o755).catch(() => undefined); // a refusal shows when it is tried
}

async function tryCandidate(name: string, path: string): Promise<{ versionText: string } | { failure: string }> {
  try {
    await access(path, constants.X_OK);
  } catch (error) {
    return { failure: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not there' : 'not executable' };
  }
  try {
    const { exitCode, stdout } = await runTool(path, ['-version'], { signal: AbortSignal.timeout(15_000) });
    if (exitCode === 0 && stdout.startsWith(`${name} version`)) return { versionText: stdout };
    return { failure: `does not run as ${name}` };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
