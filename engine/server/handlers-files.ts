import { homedir } from 'node:os';
import path from 'node:path';
import type { fileMethods } from '../protocol/methods-files.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { listFolder, listShortcuts } from '../pipeline/file-listing.ts';
import { moveLibrary } from '../pipeline/move-library.ts';
import { measureStorage } from '../pipeline/storage.ts';
import type { Workspace } from './workspace.ts';

export function createFileHandlers(workspace: Workspace): MethodHandlers<keyof typeof fileMethods> {
  const { home, library, queue, answers, surveyRounds, derived, modelJobs, chapterJobs, moving, host } = workspace;
  return {
    'files.list': async ({ directory }) => ({
      ...await listFolder(directory ?? homedir()), separator: path.sep, shortcuts: await listShortcuts(),
    }),
    'storage.get': async () => ({ ...await measureStorage(home), removedVideos: library.videos.list({ removed: true }).length }),
    'library.move': async ({ directory }, options) => {
      // While the package of a model is made, files come and go in what is to be copied. What is wrong with a model is said where it is used.
      await host.spec().catch(() => undefined);
      if (queue.isBusy || answers.isBusy || surveyRounds.isBusy || chapterJobs.isBusy || derived.isBusy) {
        throw new LongtakeError('library-busy', 'The library cannot move while a video is encoded or read, an answer is written, or chapters are made. Pause the queue, or wait a moment, then move it.');
      }
      const release = [queue.hold(), answers.hold(), chapterJobs.hold()];
      let closed = false;
      const closeLibrary = async (): Promise<void> => {
        closed = true;
        moving.set({ stage: 'open', share: null });
        await workspace.close();
      };
      moving.set({ stage: 'copy', share: null });
      await modelJobs.stop(); // a download would write into what is being copied; it goes on in the new place
      try {
        return await moveLibrary(home, directory, {
          signal: options.signal, closeLibrary,
          onProgress(progress) {
            const { done, total = 0 } = progress;
            options.onProgress?.(progress);
            if (!closed && total > 0) moving.set({ stage: 'copy', share: Math.min(1, done / total) });
          },
        });
      } finally {
        for (const each of release) each();
        if (closed) workspace.restart(); // whether it has moved or not: what is open here is open no more
        else {
          moving.set(null);
          modelJobs.start();
        }
      }
    },
  };
}
