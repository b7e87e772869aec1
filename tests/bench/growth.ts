/**
 * How time and memory grow with the video: 15 minutes, one hour, four hours of the sample's pictures.
 *   node tests/bench/growth.ts [--minutes 15,60,240]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sampleVideoFile } from '../../engine/pipeline/suggestions.ts';
import { describeMachine, makeLength, measureCli, median, megabytes } from './support.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '15,60,240' } } });
const questions = ['Where are we at the beginning?', 'What colour is the balloon?', 'When does the bell appear?', 'Is there a kite?'];
const answerSchema = z.object({
  memory: z.object({ frames: z.number(), tokens: z.number() }),
  turns: z.array(z.object({ timings: z.object({ memoryMs: z.number(), firstTokenMs: z.number(), tokensPerSecond: z.number() }) })),
});

console.log(describeMachine());
console.log('minutes  frames  tokens   ingest s  ingest RSS  ask RSS   memory ms  first token ms (2nd and later)  ms a 1000 frames');
const home = mkdtempSync(path.join(tmpdir(), 'longtake-bench-'));
try {
  await measureCli(home, ['models', 'list']);
  for (const minutes of values.minutes.split(',').map(Number)) {
    const video = await makeLength(sampleVideoFile, minutes);
    const ingest = await measureCli(home, ['ingest', video]);
    const ask = await measureCli(home, ['ask', video, ...questions, '--max-tokens', '24', '--json']);
    const { memory, turns } = answerSchema.parse(JSON.parse(ask.stdout));
    const firstTokenMs = median(turns.slice(1).map(({ timings }) => timings.firstTokenMs));
    console.log([minutes, memory.frames, memory.tokens, ingest.seconds.toFixed(1), megabytes(ingest.peakRssBytes), megabytes(ask.peakRssBytes),
      turns[0]?.timings.memoryMs, firstTokenMs.toFixed(0), ((firstTokenMs * 1000) / memory.frames).toFixed(0)].join('  '));
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
