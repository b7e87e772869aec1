import { interceptSessions } from './intercept-sessions.ts';

/**
 * Has every session of this process, those of the provider's checks too, open its provider with these options: a process
 * has one device, which the first session makes.
 */
export function setProviderOptions(provider: string, options: Readonly<Record<string, string>>): void {
  interceptSessions((create, file, given) => create(file, {
    ...given,
    executionProviders: (given.executionProviders ?? []).map((entry) => entry === provider ? { name: provider, ...options } : entry),
  }));
}
