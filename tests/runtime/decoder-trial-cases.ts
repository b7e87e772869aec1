/** Run by decoder-trial.test.ts in a process of its own, on a software driver: for each way of keeping weights how far the decoder's two ways are apart, as JSON. */
import { writeSync } from 'node:fs';
import { tryDecoder } from '../../engine/runtime/decoder-trial.ts';
import type { Disagreement } from '../../engine/runtime/decoder-trial.ts';
import { OwnDevice } from '../../engine/runtime/own-device.ts';

const own = await OwnDevice.open('float16', 'plain');
const report: Record<string, Disagreement> = {};
for (const format of ['float16', 'int4'] as const) report[format] = await tryDecoder(own, format, 24);
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
