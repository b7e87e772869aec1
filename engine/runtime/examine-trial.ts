/** The process that `examine-apart.ts` starts: PROVIDER WEIGHTS in, one line of JSON out. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from './session.ts';
import { examine } from './providers.ts';

const [provider, weights] = z.tuple([
  z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']), z.enum(['float32', 'float16', 'int8', 'int4']),
]).parse(process.argv.slice(2));

let verdict: unknown;
try {
  const { compute, attention, keepsTensors } = await examine(provider, weights, undefined, true);
  verdict = { compute, attention, keepsTensors };
} catch (error) {
  verdict = { reason: messageOf(error) };
}
writeSync(1, `\n${JSON.stringify(verdict)}\n`);
// A driver may hang or crash while its process takes itself apart; nothing is left to do here.
process.kill(process.pid, 'SIGKILL');
