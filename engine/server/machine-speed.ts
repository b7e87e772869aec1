import { z } from 'zod';
import type { Library } from '../library/index.ts';
import type { MachineSpeed } from '../runtime/speed.ts';

const schema = z.object({
  provider: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']), kernels: z.enum(['own', 'onnxruntime']),
  operationsPerSecond: z.number().positive(), bytesPerSecond: z.number().positive(), secondsPerKernel: z.number().nonnegative(),
});
const key = (provider: string): string => `machine-speed ${provider}`;

/** What this machine was measured to do with the provider that is chosen; undefined where nobody has measured it. */
export function readMachineSpeed(library: Library, provider: string): MachineSpeed | undefined {
  return library.settings.get(key(provider), schema);
}

export function writeMachineSpeed(library: Library, provider: string, speed: MachineSpeed): void {
  library.settings.set(key(provider), speed);
}
