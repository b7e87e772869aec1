import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { startTool, type ToolOptions } from './child-process.ts';
import { showPath } from './command-line.ts';
import { LineSplitter } from './frame-log.ts';

/** Seconds of the output from a line of ffmpeg's `-progress`; undefined for its other lines. Both names mean microseconds. */
export function parseProgressLine(line: string): number | undefined {
  const match = /^out_time_(?:us|ms)=(\d+)$/.exec(line.trim());
  return match ? Number(match[1]) / 1e6 : undefined;
}

/**
 * Runs ffmpeg with `-progress` on its standard output, which is put before `args`.
 * Throws `cancelled`, `disk-full`, or `ffmpeg-failed` with its last words.
 */
export async function runTranscode(ffmpeg: string, path: string, args: readonly string[], options: ToolOptions & { readonly onSeconds?: (seconds: number) => void }): Promise<void> {
  const tool = startTool(ffmpeg, ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', '-progress', 'pipe:1', ...args], ['ignore', 'pipe', 'pipe'], options);
  const lines = new LineSplitter();
  let words = '';
  tool.child.stdout?.on('data', (chunk: Buffer) => {
    for (const line of lines.push(chunk)) {
      const seconds = parseProgressLine(line);
      if (seconds !== undefined) options.onSeconds?.(seconds);
    }
  });
  tool.child.stderr?.on('data', (chunk: Buffer) => { words = (words + chunk.toString()).slice(-2000); });
  const { exitCode, signal } = await tool.exited;
  throwIfCancelled(options.signal);
  if (exitCode === 0) return;
  const lastLine = words.trim().split('\n').at(-1) ?? '';
  if (/No space left/.test(words)) throw new LongtakeError('disk-full', `The disk became full while ${showPath(path)} was worked on. Make room and try again.`, { path });
  throw new LongtakeError('ffmpeg-failed', `ffmpeg could not work on ${showPath(path)} (${lastLine || (signal ?? `exit code ${exitCode}`)}).`, { path, ffmpeg: lastLine });
}
