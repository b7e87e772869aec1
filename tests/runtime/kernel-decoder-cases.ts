/** Run by kernel-decoder.test.ts in a process of its own, on a software driver: what a decoder with hardly any room does, as JSON. */
import { writeSync } from 'node:fs';
import { answerRoom } from '../../engine/models/needs.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { DecoderKernels } from '../../engine/runtime/own/decoder-kernels.ts';
import { KernelDecoder } from '../../engine/runtime/own/kernel-decoder.ts';
import { OwnDevice } from '../../engine/runtime/own/own-device.ts';
import { generator, randomDecoder } from '../../engine/runtime/own/random-decoder.ts';
import { relativeDifference } from './tiny-model.ts';

const shape = { hidden: 32, layers: 2, intermediate: 64, heads: 4, keyHeads: 2, headSize: 16, vocabulary: 40, maximumLength: 300, rmsNormEpsilon: 1e-6, ropeTheta: 1e4 };
const own = await OwnDevice.open('float16', 'plain');
const kernels = await DecoderKernels.create(own, shape, await randomDecoder(own.graphics, shape, 'float16'));
const uniform = generator();
const rows = Float16Array.from({ length: 140 * shape.hidden }, () => uniform());
const table = { rows: (ids: ArrayLike<number>) => Promise.resolve(rows.subarray((ids[0] ?? 0) * shape.hidden, ((ids[0] ?? 0) + 1) * shape.hidden)) };

const roomy = new KernelDecoder(kernels, 140);
const whole = await roomy.read([rows], 140, {});
roomy.dispose();

// Room for 128 rows: the cache moves under the answer, and under the rows whose attention is asked for later.
const narrow = new KernelDecoder(kernels, 120 - answerRoom);
const begun = await narrow.read([rows.subarray(0, 120 * shape.hidden)], 120, { measuredFrom: 100 });
const before = await begun.measured?.attention(10, 80, undefined) ?? new Float64Array();
let { logits } = begun;
for (let row = 120; row < 140; row += 1) logits = await narrow.step(row, table);
const after = await begun.measured?.attention(10, 80, undefined) ?? new Float64Array();
const { length } = narrow;
begun.measured?.dispose();
narrow.dispose();

const stopping = new AbortController();
const stopped = new KernelDecoder(kernels, 140);
const refusal = await stopped.read([rows], 140, { signal: stopping.signal, measuredFrom: 130, onShare: () => { stopping.abort(); } })
  .then(() => 'none', (error: unknown) => isLongtakeError(error) ? error.code : String(error));
const read = stopped.length;
stopped.dispose();

writeSync(1, JSON.stringify({ grown: relativeDifference(logits, whole.logits), length, refusal, read, shares: relativeDifference(new Float32Array(after), new Float32Array(before)) }));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
