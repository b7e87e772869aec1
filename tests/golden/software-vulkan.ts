import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/**
 * SwiftShader, Chromium's Vulkan driver on the CPU, out of the npm package `@sparticuz/chromium`: WebGPU without a GPU
 * and without any system library. Unpacked once under `.cache`. Returns the environment that a process has to be
 * started with, or undefined where the package's binaries (Linux x64) do not run.
 */
export function softwareVulkan(): Record<string, string> | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const resolved = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageDirectory = resolved.slice(0, resolved.lastIndexOf('@sparticuz')) + path.join('@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(path.join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  const directory = path.join(import.meta.dirname, '..', '..', '.cache', `swiftshader-${version}`);
  if (!existsSync(directory)) {
    const draft = `${directory}.${String(process.pid)}.tmp`;
    mkdirSync(draft, { recursive: true });
    unpackTar(brotliDecompressSync(readFileSync(path.join(packageDirectory, 'bin', 'swiftshader.tar.br'))), draft);
    try {
      renameSync(draft, directory);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(directory)) throw error; // otherwise another process was quicker
    }
  }
  const driver = path.join(directory, 'vk_swiftshader_icd.json');
  return {
    VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: directory,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${new URL('calm-polling.ts', import.meta.url).href}`,
    GLIBC_TUNABLES: Object.entries(allocation).map(([name, value]) => `glibc.malloc.${name}=${String(value)}`).join(':'),
  };
}

/** The driver's compiler makes and frees millions of small things: with these kept at hand it takes a tenth less time. */
const allocation = { tcache_count: 2000, top_pad: 64 << 20, trim_threshold: 512 << 20, mmap_threshold: 256 << 20 };

/** Files of a plain tar archive (POSIX ustar: 512-byte headers, sizes in octal), into one folder. */
function unpackTar(archive: Uint8Array, directory: string): void {
  const text = (start: number, length: number) => Buffer.from(archive.subarray(start, start + length)).toString('latin1').replace(/\0.*$/s, '');
  let place = 0;
  while (place + 512 <= archive.length && archive[place] !== 0) {
    const name = path.basename(text(place, 100));
    const byteLength = parseInt(text(place + 124, 12), 8);
    const isFile = text(place + 156, 1) === '0' || text(place + 156, 1) === '';
    if (isFile) writeFileSync(path.join(directory, name), archive.subarray(place + 512, place + 512 + byteLength));
    place += 512 + Math.ceil(byteLength / 512) * 512;
  }
}
