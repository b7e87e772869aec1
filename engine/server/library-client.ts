import type { Method, MethodInput, MethodResult } from '../protocol/methods.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { callMethod } from './connection.ts';
import { createHandlers } from './handlers.ts';
import { openWorkspace } from './workspace.ts';

/** Methods of the protocol on the user's library, in this process. */
export type LibraryClient = AsyncDisposable & {
  request<Name extends Method>(method: Name, params: MethodInput<Name>, options?: WorkOptions): Promise<MethodResult<Name>>;
};

/**
 * Opens the user's library for a command that looks something up or changes it. No job of the queue is run here: the app, a
 * host or the next start does that. Whoever has the library open sees within a second what was written (`elsewhere.ts`), so
 * it makes no difference whether somebody has. Throws what opening the home and the library throws.
 */
export function openLibraryClient(): LibraryClient {
  const workspace = openWorkspace();
  workspace.queue.hold();
  const handlers = createHandlers(workspace);
  return {
    async request(method, params, { signal = new AbortController().signal, onProgress = () => undefined } = {}) {
      return await callMethod(handlers, method, params, { signal, onProgress }) as MethodResult<typeof method>;
    },
    [Symbol.asyncDispose]: workspace.close,
  };
}
