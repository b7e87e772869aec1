import { openLibrary, type Library } from '../library/index.ts';
import { openHome, type Home } from '../pipeline/home.ts';
import { sweepUploads } from '../pipeline/uploads.ts';
import { sweepMemories } from '../memory/index.ts';
import { Answers } from './answers.ts';
import { Changes } from './changes.ts';
import { ChapterJobs } from './chapter-jobs.ts';
import type { Service } from './connection.ts';
import { Derived } from './derived.ts';
import { Downloads } from './downloads.ts';
import { EncodeQueue } from './encode-queue.ts';
import { createHandlers } from './handlers.ts';
import { LibraryMoving } from './library-moving.ts';
import { localShell } from './local-shell.ts';
import { ModelHost } from './model-host.ts';
import { ProgramDoor } from './program-door.ts';
import { ModelJobs } from '../pipeline/model-jobs.ts';
import { Resources } from './resources.ts';
import { createSources } from './sources.ts';
import { watchElsewhere } from './elsewhere.ts';
import { SurveyRounds } from './survey-rounds.ts';
import { engineVersion } from './version.ts';

/** What the engine process has open: one library, at most one model, and the work on them. */
export type Workspace = {
  readonly home: Home;
  readonly library: Library;
  readonly changes: Changes;
  readonly host: ModelHost;
  readonly queue: EncodeQueue;
  readonly answers: Answers;
  readonly surveyRounds: SurveyRounds;
  readonly chapterJobs: ChapterJobs;
  readonly modelJobs: ModelJobs;
  readonly derived: Derived;
  readonly downloads: Downloads;
  readonly programs: ProgramDoor;
  readonly moving: LibraryMoving;
  /** Ends all work and closes the library, once. What is done is kept. */
  readonly close: () => Promise<void>;
  /** After the library has moved: everything is opened anew by a new process. */
  readonly restart: () => void;
};

export type EngineService = Service & AsyncDisposable & { readonly workspace: Workspace; readonly resources: Resources };

/**
 * Opens the user's library and goes on with its queue. Disposing stops what runs and keeps what is done. `onRestart` is
 * called when the engine wants to be started again; `offersPrograms` where its shell has no door for other programs.
 * Throws what opening the home and the library throws.
 */
export async function openEngineService({ onRestart, offersPrograms = false }: { readonly onRestart?: () => void; readonly offersPrograms?: boolean } = {}): Promise<EngineService> {
  const workspace = openWorkspace(onRestart);
  const { home, library, queue, modelJobs, derived, downloads } = workspace;
  await sweepMemories(home.memoriesDirectory);
  await sweepUploads(home, new Set([...library.videos.list(), ...library.videos.list({ removed: true })].flatMap(({ paths }) => paths)));
  // Who removed one has had until now to take it back.
  library.folders.purge();
  library.surveys.purge();
  queue.start();
  modelJobs.start();
  await derived.start();
  await downloads.start();
  const service = {
    version: engineVersion, workspace, handlers: createHandlers(workspace), sources: createSources(workspace),
    resources: new Resources(home, library, derived, downloads), isClosing: () => workspace.moving.state?.stage === 'open', [Symbol.asyncDispose]: workspace.close,
  };
  if (offersPrograms) await workspace.programs.start(localShell(service));
  return service;
}

/** Opens the library and what works on it, and begins no work. Throws what opening the home and the library throws. */
export function openWorkspace(onRestart?: () => void): Workspace {
  const home = openHome();
  const library = openLibrary(home.libraryFile);
  const changes = new Changes();
  const host = new ModelHost(home, library, changes);
  const shelf = { home, library, changes };
  const [queue, answers] = [new EncodeQueue(shelf, host), new Answers(shelf, host)];
  const surveyRounds = new SurveyRounds(shelf, host, answers);
  const chapterJobs = new ChapterJobs(shelf, host, answers);
  const derived = new Derived(home, library);
  const downloads = new Downloads(home);
  const modelJobs = new ModelJobs(home, { onChange: () => { changes.emit({ topic: 'models' }); } });
  const programs = new ProgramDoor(library);
  const moving = new LibraryMoving(changes);
  const stopLooking = watchElsewhere(library, changes, host);
  const end = async (): Promise<void> => {
    stopLooking();
    await programs.close();
    await Promise.all([queue.stop(), surveyRounds.close(), answers.close(), chapterJobs.close(), modelJobs.stop(), derived.close(), host.stopLoading()]);
    await host.dispose();
    library.close();
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end());
  return { home, library, changes, host, queue, answers, surveyRounds, chapterJobs, modelJobs, derived, downloads, programs, moving, close, restart: () => { onRestart?.(); } };
}
