/**
 * How time and memory grow with the video: 15 minutes, one hour, four hours of the sample's pictures.
 *   node tests/bench/growth.ts [--minutes 15,60,240] [--rounds 1]
 * Ingest is measured `rounds` times, the lengths in turn: its memory differs by tens of megabytes from one run to the next.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sampleVideoFile } from '../../engine/pipeline/pebble-town.ts';
import { describeMachine, makeLength, measureCli, median, megabytes, type Measured } from './support.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '15,60,240' }, rounds: { type: 'string', default: '1' } } });
const lengths = values.minutes.split(',').map(Number);
const questions = ['Where are we at the beginning?', 'What colour is the balloon?', 'When does the bell appear?', 'Is there a kite?'];
const answerSchema = z.object({
  memory: z.object({ frames: z.number(), tokens: z.number() }),
  turns: z.array(z.object({ timings: z.object({ memoryMs: z.number(), firstTokenMs: z.number(), tokensPerSecond: z.number() }) })),
});

console.log(describeMachine());
console.log('minutes  frames  tokens   ingest s  ingest RSS (of each round)  ask RSS   memory ms  first token ms (2nd and later)  ms a 1000 frames');
const home = mkdtempSync(path.join(tmpdir(), 'longtake-bench-'));
try {
  const ingests = new Map<number, Measured[]>(lengths.map((minutes) => [minutes, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const roundHome = path.join(home, `round-${round}`);
    await measureCli(roundHome, ['models', 'list']); // makes the demo model's package
    for (const [minutes, measured] of ingests) {
      measured.push(await measureCli(roundHome, ['ingest', await makeLength(sampleVideoFile, minutes)]));
    }
  }
  for (const [minutes, ingest] of ingests) {
    const ask = await measureCli(path.join(home, 'round-0'), ['ask', await makeLength(sampleVideoFile, minutes), ...questions, '--max-tokens', '24', '--json']);
    const { memory, turns } = answerSchema.parse(JSON.parse(ask.stdout));
    const firstTokenMs = median(turns.slice(1).map(({ timings }) => timings.firstTokenMs));
    const peaks = ingest.map(({ peakRssBytes }) => peakRssBytes);
    console.log([minutes, memory.frames, memory.tokens, median(ingest.map(({ seconds }) => seconds)).toFixed(1),
      `${megabytes(median(peaks))} (${peaks.map(megabytes).join(', ')})`, megabytes(ask.peakRssBytes),
      turns[0]?.timings.memoryMs, firstTokenMs.toFixed(0), ((firstTokenMs * 1000) / memory.frames).toFixed(0)].join('  '));
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
