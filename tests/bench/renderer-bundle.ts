/**
 * How large the built interface is, gzipped as a web host would send it: all of its code before rare views are split
 * off, and what a first page loads. `node tests/bench/renderer-bundle.ts`
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = path.join(import.meta.dirname, '../..');
const directory = mkdtempSync(path.join(tmpdir(), 'longtake-bundle-'));
try {
  await build({ configFile: path.join(root, 'renderer/vite.config.ts'), logLevel: 'error', build: { outDir: directory, emptyOutDir: true, manifest: 'manifest.json' } });
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|css)$/u.test(name));
  const gzipBytes = (name: string): number => gzipSync(readFileSync(path.join(directory, name)), { level: 9 }).byteLength;
  const sizes = Object.fromEntries(files.map((name) => [name, gzipBytes(name)]).sort(([, one], [, other]) => Number(other) - Number(one)));
  const sum = (names: readonly string[]): number => names.reduce((total, name) => total + (sizes[name] ?? 0), 0);
  const first = firstFiles(JSON.parse(readFileSync(path.join(directory, 'manifest.json'), 'utf8')) as Manifest);
  console.log(JSON.stringify({
    allCodeGzipBytes: sum(files.filter((name) => name.endsWith('.js'))),
    allStylesGzipBytes: sum(files.filter((name) => name.endsWith('.css'))),
    firstPageGzipBytes: sum(first),
    limitGzipBytes: 400_000,
    files: sizes,
  }, undefined, 2));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

type Manifest = Readonly<Record<string, { readonly file: string; readonly isEntry?: boolean; readonly imports?: readonly string[]; readonly css?: readonly string[] }>>;

/** The entry, what it imports without being asked, and their styles. */
function firstFiles(manifest: Manifest): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined || found.has(chunk.file)) return;
    for (const file of [chunk.file, ...chunk.css ?? []]) found.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const [name, { isEntry }] of Object.entries(manifest)) if (isEntry === true) visit(name);
  return [...found];
}
