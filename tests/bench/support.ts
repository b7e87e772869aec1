/** What the benchmarks share: their videos, child processes with their peak memory, medians. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { findMediaTools } from '../../engine/media/index.ts';
import { allocatorEnvironment, heapFlags } from '../../engine/server/engine-process.ts';

const cache = path.join(import.meta.dirname, '../../.cache/bench');
const main = path.join(import.meta.dirname, '../../engine/cli/main.ts');

/** 1080p30 H.264 with three B-frames at about 5 Mbit/s, moving and noisy: twenty seconds encoded, then repeated. */
export async function make1080p30(minutes: number): Promise<string> {
  const { ffmpeg } = await findMediaTools();
  return derive(`1080p30-${minutes}min.mp4`, (target) => {
    const part = derive('1080p30-part.mp4', (file) => {
      execFileSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=30:d=20,noise=alls=12:allf=t',
        '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-b:v', '5M', '-pix_fmt', 'yuv420p', '-f', 'mp4', file]);
    });
    execFileSync(ffmpeg, ['-v', 'error', '-y', '-stream_loop', String(minutes * 3 - 1), '-i', part, '-c', 'copy', '-f', 'mp4', target]);
  });
}

/** A file of the same pictures with another length: cut, or repeated, without encoding again. */
export async function makeLength(source: string, minutes: number): Promise<string> {
  const { ffmpeg } = await findMediaTools();
  return derive(`${path.basename(source, path.extname(source))}-${minutes}min.mp4`, (target) => {
    execFileSync(ffmpeg, ['-v', 'error', '-y', '-stream_loop', '-1', '-i', source, '-t', String(minutes * 60), '-an', '-sn', '-c', 'copy', '-f', 'mp4', target]);
  });
}

function derive(name: string, make: (file: string) => void): string {
  mkdirSync(cache, { recursive: true });
  const target = path.join(cache, name);
  if (!existsSync(target)) {
    make(`${target}.part`);
    renameSync(`${target}.part`, target);
  }
  return target;
}

export type Measured = { readonly seconds: number; readonly peakRssBytes: number; readonly stdout: string };

/**
 * Runs the command line in a process of its own, as npm scripts start it, and reads its peak memory, which it leaves in a file when it ends
 * (LONGTAKE_RSS_FILE is read by {@link rssHook}, not by the product).
 */
export async function measureCli(home: string, args: readonly string[]): Promise<Measured> {
  const rssFile = path.join(cache, `rss-${process.pid}`);
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...heapFlags, '--import', rssHook(), main, ...args], {
    env: { ...allocatorEnvironment, ...process.env, LONGTAKE_HOME: home, LONGTAKE_RSS_FILE: rssFile }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => { stdout += part.toString(); });
  child.stderr.on('data', (part: Buffer) => { stderr += part.toString(); });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`longtake ${args.join(' ')} ended with ${code}: ${stderr}`);
  return { seconds: (performance.now() - startedMs) / 1000, peakRssBytes: Number(readFileSync(rssFile, 'utf8')), stdout };
}

/** A module that writes the process's peak resident memory at its exit. */
function rssHook(): string {
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, 'rss-hook.mjs');
  writeFileSync(file, `import { writeFileSync } from 'node:fs';
process.on('exit', () => { writeFileSync(process.env.LONGTAKE_RSS_FILE, String(process.resourceUsage().maxRSS * 1024)); });\n`);
  return file;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

export function describeMachine(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${process.platform}, Node ${process.versions.node}`;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
