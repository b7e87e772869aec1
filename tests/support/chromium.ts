import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { softwareVulkan } from '../golden/software-vulkan.ts';

/**
 * The headless Chromium of the npm package `@sparticuz/chromium` (Linux x64), unpacked once under `.cache` beside the
 * graphics libraries that it wants; `LONGTAKE_CHROMIUM` names another one. The package's own unpacking writes into the
 * system's temporary folder, where a second test file would start a Chromium that is half there.
 */
export function chromiumExecutable(): string {
  const named = process.env['LONGTAKE_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const libraries = softwareVulkan()?.['LD_LIBRARY_PATH'];
  if (libraries === undefined) throw new Error('The Chromium of npm runs on Linux x64 only. Set LONGTAKE_CHROMIUM to a headless Chromium.');
  const executable = path.join(libraries, 'chromium');
  if (existsSync(executable)) return executable;
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packed = path.join(entry.slice(0, entry.lastIndexOf('@sparticuz')), '@sparticuz', 'chromium', 'bin', 'chromium.br');
  const draft = `${executable}.${String(process.pid)}.tmp`;
  writeFileSync(draft, brotliDecompressSync(readFileSync(packed)), { mode: 0o755 });
  renameSync(draft, executable);
  return executable;
}

/** Long enough for two slow cores that others want as well; what takes longer hangs. */
export const patientMs = 60_000;

/** A window as most people have it. */
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce', acceptDownloads: true };

/**
 * How the pages get onto the screen. On a machine without a graphics card the interface for one is computed as well, which takes as long as the
 * pages themselves do: only for who measures frames, and for the icons.
 */
const drawing = {
  processor: ['--disable-gpu'],
  graphics: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
} as const;

/**
 * As a browser on a desktop is: none of the package's own switches, which are made for another place. No name resolves,
 * so a page reaches the loopback and nothing else. Without its own sandbox, which containers and root cannot give.
 */
export async function launchChromium(drawn: keyof typeof drawing = 'processor'): Promise<Browser> {
  return await chromium.launch({
    executablePath: chromiumExecutable(),
    args: [
      '--no-sandbox', '--font-render-hinting=none', ...drawing[drawn],
      '--autoplay-policy=no-user-gesture-required', '--mute-audio', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
