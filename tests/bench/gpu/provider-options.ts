import { InferenceSession } from 'onnxruntime-node';

/**
 * Has every session of this process, those of the provider's checks too, open its provider with these options: a process
 * has one device, which the first session makes.
 */
export function setProviderOptions(provider: string, options: Readonly<Record<string, string>>): void {
  const create = InferenceSession.create.bind(InferenceSession) as (file: string, options?: InferenceSession.SessionOptions) => Promise<InferenceSession>;
  const withOptions = async (file: string, given: InferenceSession.SessionOptions = {}): Promise<InferenceSession> => await create(file, {
    ...given,
    executionProviders: (given.executionProviders ?? []).map((entry) => entry === provider ? { name: provider, ...options } : entry),
  });
  Object.assign(InferenceSession, { create: withOptions });
}
