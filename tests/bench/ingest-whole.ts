/**
 * Whole ingest (media, tower, memory on disk) of a 1080p30 H.264 file against bare ffmpeg, in turns in the same run:
 *   node tests/bench/ingest-whole.ts [--minutes 60] [--rounds 3] [--modes exact,fast]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findMediaTools } from '../../engine/media/index.ts';
import { describeMachine, make1080p30, measureCli, median, megabytes } from './support.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' }, rounds: { type: 'string', default: '3' }, modes: { type: 'string', default: 'exact,fast' } } });
const minutes = Number(values.minutes);
const frameSize = 112; // of the demo model's tower
const { ffmpeg } = await findMediaTools();
const video = await make1080p30(minutes);

function bareSeconds(): number {
  const startedMs = performance.now();
  execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-i', video, '-vf', `fps=1,scale=${frameSize}:${frameSize}`, '-f', 'null', '-']);
  return (performance.now() - startedMs) / 1000;
}

async function ingest(...flags: string[]): Promise<{ readonly seconds: number; readonly peakRssBytes: number }> {
  const home = mkdtempSync(path.join(tmpdir(), 'longtake-bench-'));
  try {
    await measureCli(home, ['models', 'list']); // preparing the model is done once, not once a video
    return await measureCli(home, ['ingest', video, ...flags]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

console.log(`${describeMachine()}; ${minutes} min of 1080p30 H.264 with B-frames`);
const modes = values.modes.split(',');
const ratios = new Map<string, number[]>(modes.map((mode) => [mode, []]));
for (let round = 1; round <= Number(values.rounds); round++) {
  const bare = bareSeconds();
  console.log(`round ${round}: bare ffmpeg ${bare.toFixed(1)} s`);
  for (const mode of modes) {
    const { seconds, peakRssBytes } = await ingest(...(mode === 'fast' ? ['--fast'] : []));
    ratios.get(mode)?.push(seconds / bare);
    console.log(`round ${round}: ${mode} ${seconds.toFixed(1)} s, ${(seconds / bare).toFixed(3)} x bare, peak ${megabytes(peakRssBytes)}`);
  }
}
for (const [mode, all] of ratios) console.log(`${mode}: ${median(all).toFixed(3)} x bare ffmpeg (median)`);
