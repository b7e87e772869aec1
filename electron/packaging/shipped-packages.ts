import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import { nodePackage } from '../main/engine-location.ts';
import type { PackageTarget } from './target.ts';

const manifestSchema = z.object({
  name: z.string(), version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** An npm package whose files, or whose code inside of a bundle, are in ours. */
export type ShippedPackage = { readonly name: string; readonly version: string; readonly license: string; readonly directory: string };

/** Packages that only the install script of another wants, which never runs here (`ignore-scripts`), or its types. */
const installOnly: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-node': ['adm-zip', 'global-agent'],
  webgpu: ['@webgpu/types', 'debug'],
  'ffmpeg-static': ['@derhuerst/http-basic', 'env-paths', 'https-proxy-agent', 'progress'],
};

/** What lies in the package's node_modules: the engine's dependencies, Dawn where it is installed, and ffmpeg for this platform alone. */
export function enginePackages(root: string, target: PackageTarget): readonly ShippedPackage[] {
  const manifest = readManifest(root);
  const dawn = existsSync(path.join(root, 'node_modules', 'webgpu')) ? ['webgpu'] : [];
  return closure(root, [...Object.keys(manifest.dependencies), ...dawn, ...mediaPackages(root, target)]);
}

/** ffmpeg-static where its binary has been fetched (it is newer), otherwise the package that carries one. */
function mediaPackages(root: string, { platform, architecture }: PackageTarget): readonly string[] {
  const executable = platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const hasStatic = existsSync(path.join(root, 'node_modules', 'ffmpeg-static', executable));
  return [
    ...(hasStatic ? ['ffmpeg-static'] : ['@ffmpeg-installer/ffmpeg', `@ffmpeg-installer/${platform}-${architecture}`]),
    '@ffprobe-installer/ffprobe', `@ffprobe-installer/${platform}-${architecture}`,
  ];
}

/** What is inside of the bundles of renderer and main: found by what their sources import. */
export function bundledPackages(root: string): readonly ShippedPackage[] {
  const names = new Set<string>();
  for (const file of globSync('{renderer,electron/main,electron/preload}/**/*.{ts,tsx,css}', { cwd: root })) {
    if (file.endsWith('vite.config.ts')) continue;
    for (const [, specifier = ''] of readFileSync(path.join(root, file), 'utf8').matchAll(/(?:from|import|@import)\s+'([^'.][^']*)'/gu)) {
      const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
      if (!name.startsWith('node:') && name !== 'electron' && !builtinModules.includes(name)) names.add(name);
    }
  }
  return closure(root, [...names]);
}

/** The Node that runs the engine. */
export function nodeOf(root: string, { platform, architecture }: PackageTarget): ShippedPackage {
  const [found] = closure(root, [nodePackage(platform, architecture)]);
  if (found === undefined) throw new Error('A closure holds what it began with.');
  return found;
}

function closure(root: string, names: readonly string[]): readonly ShippedPackage[] {
  const found = new Map<string, ShippedPackage>();
  const take = (name: string, from: string): void => {
    const directory = findPackage(root, name, from);
    if (found.has(directory)) return;
    const { version, license, dependencies } = readManifest(directory);
    found.set(directory, { name, version, license: typeof license === 'object' ? license.type : license ?? 'see its text', directory });
    for (const dependency of Object.keys(dependencies)) if (!installOnly[name]?.includes(dependency)) take(dependency, directory);
  };
  for (const name of names) take(name, root);
  return [...found.values()].sort((one, other) => one.directory.localeCompare(other.directory, 'en'));
}

/** As Node looks for it: beside the package that wants it, then further up. */
function findPackage(root: string, name: string, from: string): string {
  for (let place = from; place.startsWith(root); place = path.dirname(place)) {
    const directory = path.join(place, 'node_modules', name);
    if (existsSync(path.join(directory, 'package.json'))) return directory;
  }
  throw new LongtakeError('bad-argument', `The npm package ${name} is not installed. Run "npm ci" on the platform that the package is for.`, { name });
}

function readManifest(directory: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')));
}
