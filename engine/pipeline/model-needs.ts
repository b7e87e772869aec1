import { totalmem } from 'node:os';
import { answerNeeds, encodeNeeds, packageBytes, processBytes } from '../models/needs.ts';
import type { ModelShape } from '../models/spec.ts';
import { askedTokens } from '../models/uniform-tokens.ts';
import type { WeightFormat } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import type { ModelNeedsView } from '../protocol/methods-models.ts';
import { reserveBytes } from './forecast.ts';
import type { Home } from './home.ts';
import { freeBytes } from './storage.ts';

const hourSeconds = 3600;
/** Graphs, tokenizer, and the starts of tensors on pages. */
const packageExtraBytes = 20e6;

export type Machine = {
  readonly freeDiskBytes: number;
  readonly memoryBytes: number;
  /** Our own kernels are known to compute answers here: they take less graphics memory than ONNX Runtime does. */
  readonly ownKernels: boolean;
};

/** `ownKernels` where it has been measured; else the larger figures are the safe ones. */
export async function readMachine(home: Home, ownKernels = false): Promise<Machine> {
  return { freeDiskBytes: await freeBytes(home.modelsDirectory), memoryBytes: totalmem(), ownKernels };
}

/** What one format of a model takes on the disk, in RAM and on an accelerator. */
export function modelNeeds(shape: ModelShape, weights: WeightFormat, downloadBytes: number, machine: Machine): ModelNeedsView {
  const memoryTokens = askedTokens(shape, hourSeconds);
  const kept = packageBytes(shape, weights) + packageExtraBytes;
  const memoryBytes = processBytes + answerNeeds(shape, weights, 'float32', memoryTokens).totalBytes;
  return {
    weights, downloadBytes, packageBytes: kept, diskBytes: downloadBytes + kept, memoryBytes,
    graphicsMemoryBytes: answerNeeds(shape, weights, weights === 'float32' ? 'float32' : 'float16', memoryTokens, { hasKernel: weights !== 'float32' && machine.ownKernels }).totalBytes,
    encodeMemoryBytes: processBytes + encodeNeeds(shape, 'float32'),
    fitsDisk: downloadBytes + kept + reserveBytes <= machine.freeDiskBytes,
    fitsMemory: memoryBytes <= machine.memoryBytes,
  };
}

/** Throws `disk-full` with numbers where download and package cannot both be held, before gigabytes have come. */
export async function refuseModelWithoutRoom(home: Home, neededBytes: number): Promise<void> {
  const { freeDiskBytes } = await readMachine(home);
  if (neededBytes + reserveBytes <= freeDiskBytes) return;
  throw new LongtakeError('disk-full',
    `Adding this model takes ${describeBytes(neededBytes)} more, and ${home.modelsDirectory} has ${describeBytes(freeDiskBytes)} free. Make room, choose int4 weights, or move the library to another drive.`,
    { neededBytes, freeDiskBytes });
}

/** The most precise format whose answers about an hour fit the machine's RAM with room for others; int4 where none does. */
export function recommendedWeights(shape: ModelShape, machine: Machine): WeightFormat {
  const fitting = (['float16', 'int8', 'int4'] as const).find((weights) => modelNeeds(shape, weights, 0, machine).memoryBytes <= 0.7 * machine.memoryBytes);
  return fitting ?? 'int4';
}
