import { InferenceSession } from 'onnxruntime-node';

/** From a file, or from a graph's bytes. */
export type GraphSource = string | Uint8Array;
export type OpenSession = (file: GraphSource, options?: InferenceSession.SessionOptions) => Promise<InferenceSession>;

/** From now on every session of this process is opened by `open`, which is given the way it was done before. */
export function interceptSessions(open: (before: OpenSession, file: GraphSource, options: InferenceSession.SessionOptions) => Promise<InferenceSession>): void {
  const before = InferenceSession.create.bind(InferenceSession) as OpenSession;
  Object.assign(InferenceSession, { create: (file: GraphSource, options: InferenceSession.SessionOptions = {}) => open(before, file, options) });
}
