import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const root = path.dirname(import.meta.dirname);

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };

/** Where the built shell lies, beside `out/renderer`. */
export const electronOutput = path.join(root, 'out', 'electron');

/**
 * Builds main and preload into {@link electronOutput}: one file each, with everything inside but Electron and Node. The
 * preload script is CommonJS, because a sandboxed one cannot be a module.
 */
export async function buildElectron(outputDirectory = electronOutput): Promise<void> {
  await bundle('electron/main/main.ts', 'main.js', 'es', outputDirectory);
  await bundle('electron/preload/preload.ts', 'preload.cjs', 'cjs', outputDirectory);
}

async function bundle(entry: string, fileName: string, format: 'es' | 'cjs', outDir: string): Promise<void> {
  await build({
    configFile: false, root, logLevel: 'error', publicDir: false,
    // Electron knows the version of a packaged app only.
    define: { __LONGTAKE_VERSION__: JSON.stringify(version) },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: path.join(root, entry), outDir, emptyOutDir: false, target: 'node24', minify: false,
      rolldownOptions: { external: ['electron', /^node:/u], output: { format, entryFileNames: fileName, codeSplitting: false } },
    },
  });
}
