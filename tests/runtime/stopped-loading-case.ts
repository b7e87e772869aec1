/** Run by stopped-loading.test.ts in a process of its own, on a software driver: how loadings for our own kernels ended that were stopped, as JSON. */
import { writeSync } from 'node:fs';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { countSessions, openFilesIn, signalAfter } from './stopping.ts';
import { tinyPackage } from './tiny-model.ts';

const directory = await tinyPackage(scratchDirectory('stopped-loading-case'));
const sessions = countSessions();

const codes: string[] = [];
const left: number[] = [];
/** Early in each, where few of its kernels have been compiled: a software driver takes seconds for all. */
for (const [parts, stops] of [['encode', [1, 20, 45]], ['answer', [2, 6, 12]]] as const) {
  for (const stop of stops) {
    const loading = openVideoModel(directory, { provider: 'cpu', threads: 1, kernels: 'plain', parts, signal: signalAfter(stop) });
    codes.push(await loading.then(() => 'opened', (error: unknown) => isLongtakeError(error) ? error.code : String(error)));
    left.push(sessions() + openFilesIn(directory).length);
  }
}
writeSync(1, JSON.stringify({ codes, left }));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
