import type { WeightFormat } from '../../models/weight-store.ts';
import type { TokenRows } from '../answer-decoder.ts';
import { DecoderKernels } from './decoder-kernels.ts';
import type { DecoderShape } from './decoder-weights.ts';
import { KernelDecoder } from './kernel-decoder.ts';
import type { OwnDevice } from './own-device.ts';
import { generator, randomDecoder } from './random-decoder.ts';

/** Small, with heads and a group as in the released models: more rows than a tile of theirs, more keys than one workgroup of a step takes. */
const trialShape: DecoderShape = {
  hidden: 256, layers: 2, intermediate: 512, heads: 8, keyHeads: 1, headSize: 128, vocabulary: 512, maximumLength: 512, rmsNormEpsilon: 1e-6, ropeTheta: 1e6,
};
const measuredRows = 20;

/** How far a decoder's two ways of reading are apart. */
export type Disagreement = {
  /** Largest difference of logits over the largest of them; halves on the way through two layers cost a percent. */
  readonly logits: number;
  /** By how much the shares of attention miss one. */
  readonly shares: number;
};

/**
 * Reads rows with a decoder of random weights, on a device of halves, together and one by one, which are different kernels from the first to the last.
 * Throws what the device throws; what it makes there stays until the device is destroyed.
 */
export async function tryDecoder(own: OwnDevice, format: Exclude<WeightFormat, 'float32'>, rowCount = 150, shape = trialShape): Promise<Disagreement> {
  const { hidden, layers } = shape;
  const kernels = await DecoderKernels.create(own, shape, await randomDecoder(own.graphics, shape, format));
  const uniform = generator();
  const rows = Float16Array.from({ length: rowCount * hidden }, () => uniform());
  const table: TokenRows = { rows: (ids) => Promise.resolve(rows.subarray((ids[0] ?? 0) * hidden, ((ids[0] ?? 0) + 1) * hidden)) };
  const together = new KernelDecoder(kernels, rowCount);
  const single = new KernelDecoder(kernels, rowCount);
  try {
    const { logits, measured } = await together.read([rows.subarray(0, 7 * hidden), rows.subarray(7 * hidden)], rowCount, { measuredFrom: rowCount - measuredRows });
    const shares = await measured?.attention(0, rowCount, undefined) ?? new Float64Array();
    measured?.dispose();
    let { logits: last } = await single.read([rows], 1, {});
    for (let row = 1; row < rowCount; row += 1) last = await single.step(row, table);
    const largest = logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return {
      logits: logits.reduce((most, value, index) => Math.max(most, Math.abs(value - (last[index] as number))), 0) / largest,
      shares: Math.abs(shares.reduce((sum, share) => sum + share, 0) / layers - 1),
    };
  } finally {
    together.dispose();
    single.dispose();
  }
}
