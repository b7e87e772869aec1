import { InferenceSession } from 'onnxruntime-node';

export type OpenSession = (file: string, options?: InferenceSession.SessionOptions) => Promise<InferenceSession>;

/** From now on every session of this process is opened by `open`, which is given the way it was done before. */
export function interceptSessions(open: (before: OpenSession, file: string, options: InferenceSession.SessionOptions) => Promise<InferenceSession>): void {
  const before = InferenceSession.create.bind(InferenceSession) as OpenSession;
  Object.assign(InferenceSession, { create: (file: string, options: InferenceSession.SessionOptions = {}) => open(before, file, options) });
}
