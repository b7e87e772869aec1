import { runFailure } from './device-failure.ts';
import type { ProviderName } from './session.ts';
import type { Numbers } from './tensors.ts';

/**
 * Throws `device-failed` where a result holds NaN or infinity. Some drivers compute such things without an error; a memory
 * would keep them for good, and a decoder would say its first token for ever.
 */
export function requireFiniteResult(values: Numbers, provider: ProviderName, graph: string): void {
  const index = values instanceof Float16Array ? firstOdd(new Uint16Array(values.buffer, values.byteOffset, values.length)) : values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw runFailure(provider, graph, `it computed ${String(values[index])}. If that comes again, check the model ("longtake models verify") or choose another device.`, undefined);
}

/** The first of halves that is NaN or infinity, told by its bits: to make numbers of them takes several times as long. */
function firstOdd(bits: Uint16Array): number {
  for (let index = 0; index < bits.length; index += 1) if (((bits[index] as number) & 0x7c00) === 0x7c00) return index;
  return -1;
}
