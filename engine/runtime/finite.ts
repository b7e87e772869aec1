import { runFailure } from './device-failure.ts';
import type { ProviderName } from './session.ts';
import type { Numbers } from './tensors.ts';

/**
 * Throws `device-failed` where a result holds NaN or infinity. Some drivers compute such things without an error; a memory
 * would keep them for good, and a decoder would say its first token for ever.
 */
export function requireFiniteResult(values: Numbers, provider: ProviderName, graph: string): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) {
      throw runFailure(provider, graph, `it computed ${String(value)}. If that comes again, check the model ("longtake models verify") or choose another device.`, undefined);
    }
  }
}
