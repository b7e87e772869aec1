import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { licenceList } from './licences.ts';
import { bundledPackages, enginePackages, nodeOf, type ShippedPackage } from './shipped-packages.ts';
import type { PackageTarget } from './target.ts';

export type Staged = {
  /** Goes into the asar: main, preload and renderer, nothing to install. */
  readonly app: string;
  /** Goes beside the asar as it is. */
  readonly resources: string;
};

export type StageOptions = {
  readonly root: string;
  readonly directory: string;
  /** Built: `electron/` and `renderer/`. */
  readonly output: string;
  readonly target: PackageTarget;
};

/** What nobody reads in an installed app: types, maps, sources of what is compiled, the editor's leftovers. */
const unneeded = /(?:\.d\.[cm]?ts|\.map|~|\.md)$/u;
const kept = /(?:licen[cs]e|copying|notice)[^/\\]*$/iu;

/**
 * Puts the two halves of a package together. The engine lies outside of the asar, because the plain Node that runs it
 * cannot read inside of one; it runs from its TypeScript here as everywhere.
 */
export function stagePackage({ root, directory, output, target }: StageOptions): Staged {
  rmSync(directory, { recursive: true, force: true });
  const app = path.join(directory, 'app');
  const resources = path.join(directory, 'resources');
  const engine = path.join(resources, 'engine');
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const { name, version, description, license, type, dependencies } = manifest;

  for (const part of ['electron', 'renderer']) cpSync(path.join(output, part), path.join(app, 'out', part), { recursive: true });
  writeJson(path.join(app, 'package.json'), {
    name, productName: 'Longtake', version, description, license, type, main: 'out/electron/main.js', author: 'The authors of Longtake',
    homepage: 'https://arxiv.org/abs/2506.05332',
    // Linux desktops join a window to its entry in the menu by this name.
    desktopName: 'longtake.desktop',
  });

  cpSync(path.join(root, 'engine'), path.join(engine, 'engine'), { recursive: true });
  for (const part of ['model', 'sample']) cpSync(path.join(root, 'resources', part), path.join(engine, 'resources', part), { recursive: true });
  writeJson(path.join(engine, 'package.json'), { name, version, license, type, dependencies });

  const packages = enginePackages(root, target);
  for (const one of packages) copyPackage(one, path.join(engine, path.relative(root, one.directory)), target);
  const node = nodeOf(root, target);
  const executable = target.platform === 'win32' ? 'node.exe' : 'node';
  mkdirSync(path.join(engine, 'bin'));
  cpSync(path.join(node.directory, 'bin', executable), path.join(engine, 'bin', executable));

  writeFileSync(path.join(resources, 'licences.txt'), licenceList([...packages, node, ...bundledPackages(root)]));
  cpSync(path.join(root, 'LICENSE'), path.join(resources, 'LICENSE.longtake.txt'));
  return { app, resources };
}

function copyPackage({ name, directory }: ShippedPackage, destination: string, { platform, architecture }: PackageTarget): void {
  const binaries = path.join(directory, 'bin', 'napi-v6');
  const own = path.join(binaries, platform, architecture);
  cpSync(directory, destination, {
    recursive: true,
    filter(source) {
      if (name === 'onnxruntime-node') {
        if (source.startsWith(binaries + path.sep)) return own.startsWith(source) || source.startsWith(own + path.sep);
        if (source === path.join(directory, 'script') || source === path.join(directory, 'lib')) return false;
      }
      if (name === 'webgpu' && path.dirname(source) === path.join(directory, 'dist')) {
        return path.basename(source) === `${platform}-${platform === 'darwin' ? 'universal' : architecture}`;
      }
      // Nested packages come by themselves, where they are needed.
      if (path.basename(source) === 'node_modules') return false;
      return !unneeded.test(source) || kept.test(source);
    },
  });
}

function writeJson(file: string, value: object): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
