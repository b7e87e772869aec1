/** Run by decoder-trial.test.ts in a process of its own, on a software driver: for each way of keeping weights how far the decoder's two ways are apart, as JSON. */
import { writeSync } from 'node:fs';
import { tryDecoder } from '../../engine/runtime/own/decoder-trial.ts';
import type { Disagreement } from '../../engine/runtime/own/decoder-trial.ts';
import { OwnDevice } from '../../engine/runtime/own/own-device.ts';

// Smaller than that of the trial: compiling takes a software driver longest.
const shape = { hidden: 64, layers: 2, intermediate: 96, heads: 4, keyHeads: 1, headSize: 32, vocabulary: 64, maximumLength: 64, rmsNormEpsilon: 1e-6, ropeTheta: 1e6 };
const own = await OwnDevice.open('float16', 'plain');
const report: Record<string, Disagreement> = {};
for (const format of ['float16', 'int4'] as const) report[format] = await tryDecoder(own, format, 24, shape);
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
