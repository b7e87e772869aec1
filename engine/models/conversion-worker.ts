/** A thread of ConversionThreads: a conversion in; out, whether all values could be converted. */
import { parentPort } from 'node:worker_threads';
import { convert } from './conversions.ts';
import type { Conversion } from './conversions.ts';

parentPort?.on('message', (conversion: Conversion) => { parentPort?.postMessage(convert(conversion)); });
