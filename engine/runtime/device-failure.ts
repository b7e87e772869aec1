import { kernelsGraph } from '../kernels/graphics-device.ts';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { ProviderName } from './session.ts';

/** How drivers and allocators say that there is no room. */
const noRoom = /out of memory|out_of_(device|host)_memory|bad_alloc|failed to allocate|allocation (of|failed)|insufficient memory|oom\b/iu;

/** A native run that failed, as what it means for the user. */
export function runFailure(provider: ProviderName, graph: string, reason: string, cause: unknown): LongtakeError {
  const where = provider === 'cpu' ? 'The processor' : `The graphics device (${provider})`;
  if (noRoom.test(reason)) {
    return new LongtakeError('out-of-memory', `${where} ran out of memory in ${graph}: ${reason} Ask about a shorter part of the video, choose int4 weights, or close other programs.`,
      { provider, graph, reason }, { cause });
  }
  return new LongtakeError('device-failed', `${where} failed in ${graph}: ${reason}`, { provider, graph, reason }, { cause });
}

/** Whether an error says that a device cannot go on, so that another one may. A refusal beforehand (`planAnswer`) is none. */
export function isDeviceFailure(error: unknown): error is LongtakeError {
  return isLongtakeError(error, 'device-failed') || isLongtakeError(error, 'provider-unavailable')
    || (isLongtakeError(error, 'out-of-memory') && 'graph' in error.data);
}

/** Providers that have failed in this process, by package: 'auto' does not choose them again. */
const failures = new Map<string, string>();
const key = (packageDirectory: string, provider: ProviderName): string => `${provider} ${packageDirectory}`;

export function noteFailure(packageDirectory: string, provider: ProviderName, reason: string): void {
  failures.set(key(packageDirectory, provider), reason);
}

export function knownFailure(packageDirectory: string, provider: ProviderName): string | undefined {
  return failures.get(key(packageDirectory, provider));
}

let kernelFailure: string | undefined;

/** Whether an error is that of our own kernels: ONNX Runtime may go on with the same provider. */
export function isKernelFailure(error: LongtakeError): boolean {
  return error.data['graph'] === kernelsGraph;
}

/** From now on no model of this process uses the kernel. */
export function noteKernelFailure(reason: string): void {
  kernelFailure = reason;
}

export function knownKernelFailure(): string | undefined {
  return kernelFailure;
}

/** Lets a provider be tried again: the user has chosen it, or something about the machine has changed. */
export function forgetFailures(): void {
  failures.clear();
  kernelFailure = undefined;
}
