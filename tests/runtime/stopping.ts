import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';

/** A signal that fires when it is looked at for the time after so many: work is stopped at the first, the second, … of its safe points. */
export function signalAfter(looks: number): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const isAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get?.bind(signal) as () => boolean;
  let left = looks;
  Object.defineProperty(signal, 'aborted', { get: () => {
    if (left-- === 0) controller.abort();
    return isAborted();
  } });
  return signal;
}

/** How many graphs ONNX Runtime holds for this process, from now on: everything is opened and released by itself as ever. */
export function countSessions(): () => number {
  let open = 0;
  const create = InferenceSession.create.bind(InferenceSession) as (...given: unknown[]) => Promise<InferenceSession>;
  Object.assign(InferenceSession, { create: async (...given: unknown[]) => {
    const session = await create(...given);
    open += 1;
    const release = session.release.bind(session);
    session.release = async () => {
      await release();
      open -= 1;
    };
    return session;
  } });
  return () => open;
}

/** Files of a folder that this process has open; none where the system does not say. */
export function openFilesIn(directory: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(path.join('/proc/self/fd', descriptor));
      return file.startsWith(directory) ? [file] : [];
    } catch {
      return []; // the listing's own
    }
  });
}
