/** The process that `examine-apart.ts` starts to try our own kernels: which of `trials` in, one line of JSON out. */
import { writeSync } from 'node:fs';
import { openGraphicsDevice } from '../kernels/graphics-device.ts';
import { attentionByDefinition } from './attention-definition.ts';
import { CrossAttention } from './cross-attention.ts';
import { messageOf } from './session.ts';
import { numberTensor } from './tensors.ts';
import { towerComputesRightly } from './tower-trial.ts';

/** Whether our own kernel on matrix units agrees with its definition, for heads of the released models' size. Throws `provider-unavailable`. */
async function kernelAttendsRightly(): Promise<boolean> {
  const [queries, keys, headSize] = [72, 80, 128];
  const wave = (rows: number, step: number) => Float16Array.from({ length: rows * headSize }, (_, index) => 1.5 * Math.sin(step * index));
  const [query, key, value] = [wave(queries, 1.3), wave(keys, 2.1), wave(keys, 0.7)];
  const expected = attentionByDefinition(new Float32Array(query), new Float32Array(key), new Float32Array(value), headSize);
  const attention = await CrossAttention.open({ keyHeads: 1, headSize }, 'float16', 'matrix');
  try {
    const tensor = (values: Float16Array<ArrayBuffer>) => numberTensor(values, [1, keys, headSize]);
    const found = await attention.attend(query, await attention.hold(tensor(key), tensor(value)));
    return expected.every((wanted, index) => Math.abs(wanted - (found[index] as number)) < 2e-2);
  } finally {
    await attention.dispose();
  }
}

const trials: Readonly<Record<string, () => Promise<boolean>>> = { attention: kernelAttendsRightly, tower: async () => await towerComputesRightly(await openGraphicsDevice()) };
const verdict = await (trials[process.argv[2] ?? 'attention'] ?? kernelAttendsRightly)().then((works) => ({ works }), (error: unknown) => ({ works: false, reason: messageOf(error) }));
writeSync(1, `\n${JSON.stringify(verdict)}\n`);
// A driver may hang or crash while its process takes itself apart; nothing is left to do here.
process.kill(process.pid, 'SIGKILL');
