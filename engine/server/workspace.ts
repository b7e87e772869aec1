import { openLibrary, type Library } from '../library/index.ts';
import { openHome, type Home } from '../pipeline/home.ts';
import { sweepMemories } from '../memory/index.ts';
import { Answers } from './answers.ts';
import { Changes } from './changes.ts';
import type { Service } from './connection.ts';
import { EncodeQueue } from './encode-queue.ts';
import { createHandlers } from './handlers.ts';
import { ModelHost } from './model-host.ts';
import { Resources } from './resources.ts';
import { createSources } from './sources.ts';
import { engineVersion } from './version.ts';

/** What the engine process has open: one library, at most one model, and the work on them. */
export type Workspace = {
  readonly home: Home;
  readonly library: Library;
  readonly changes: Changes;
  readonly host: ModelHost;
  readonly queue: EncodeQueue;
  readonly answers: Answers;
};

export type EngineService = Service & AsyncDisposable & { readonly workspace: Workspace; readonly resources: Resources };

/**
 * Opens the user's library and goes on with its queue. Disposing stops what runs and keeps what is done.
 * Throws what opening the home and the library throws.
 */
export async function openEngineService(): Promise<EngineService> {
  const home = openHome();
  const library = openLibrary(home.libraryFile);
  await sweepMemories(home.memoriesDirectory);
  const changes = new Changes();
  const host = new ModelHost(home, library, changes);
  const workspace: Workspace = {
    home, library, changes, host, queue: new EncodeQueue(library, host, changes), answers: new Answers(home, library, host, changes),
  };
  workspace.queue.start();
  return {
    version: engineVersion, workspace, handlers: createHandlers(workspace), sources: createSources(workspace),
    resources: new Resources(home, library),
    async [Symbol.asyncDispose]() {
      await Promise.all([workspace.queue.stop(), workspace.answers.close()]);
      await host.dispose();
      library.close();
    },
  };
}
