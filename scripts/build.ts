/**
 * Builds what Node does not run as it is: the renderer, and main and preload of the Electron shell. A part whose sources
 * are those of its last build is left alone; `--force` builds all.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { buildElectron } from '../electron/build.ts';

const root = path.dirname(import.meta.dirname);
const outputDirectory = path.join(root, 'out');

type Part = {
  readonly name: string;
  /** Everything that ends up in it, or decides how. */
  readonly sources: readonly string[];
  readonly build: (directory: string) => Promise<void>;
};

const parts: readonly Part[] = [
  {
    name: 'renderer',
    sources: ['renderer/**', 'engine/protocol/**', 'electron/bridge.ts', 'package-lock.json', 'scripts/build.ts'],
    async build(directory) {
      await build({ configFile: path.join(root, 'renderer/vite.config.ts'), logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
    },
  },
  { name: 'electron', sources: ['electron/**', 'engine/protocol/**', 'engine/server/**', 'package-lock.json', 'scripts/build.ts'], build: buildElectron },
];

/** One hash over names and bytes of the sources. */
function hashSources(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of globSync(sources, { cwd: root }).sort()) {
    const file = path.join(root, name);
    if (statSync(file).isFile()) hash.update(`${name}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Built aside and put in place whole: a page that is being served, or another build, never meets half of one. */
async function buildPart({ name, build: run }: Part): Promise<void> {
  const target = path.join(outputDirectory, name);
  const [fresh, old] = [`${target}.new-${process.pid}`, `${target}.old-${process.pid}`];
  try {
    await run(fresh);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    for (const directory of [fresh, old]) rmSync(directory, { recursive: true, force: true });
  }
}

/** Returns the parts that were built. Throws what Vite throws for sources that do not build. */
export async function buildIfStale({ force = false } = {}): Promise<readonly string[]> {
  const built: string[] = [];
  for (const part of parts) {
    const stampFile = path.join(outputDirectory, `${part.name}.stamp`);
    const wanted = hashSources(part.sources);
    const isFresh = existsSync(path.join(outputDirectory, part.name)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
    if (isFresh && !force) continue;
    if (built.length === 0) process.stderr.write('Building the interface (a few seconds, after a change of its sources) …\n');
    mkdirSync(outputDirectory, { recursive: true });
    await buildPart(part);
    writeFileSync(stampFile, wanted);
    built.push(part.name);
  }
  return built;
}

if (import.meta.main) {
  try {
    await buildIfStale({ force: process.argv.includes('--force') });
  } catch (error) {
    process.stderr.write(`The interface could not be built: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
