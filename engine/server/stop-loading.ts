import type { Workspace } from './workspace.ts';

/**
 * Stops a model that is being loaded, and what waits for it, which would otherwise begin to load it again: questions are stopped and can be
 * asked again, questions across videos and chapters can be gone on with, the encode is paused and holds up those behind it. What is not loading, and what waits for none of it, goes on.
 */
export function stopLoading({ host, answers, surveyRounds, chapterJobs, queue }: Workspace): void {
  const parts = host.loading;
  if (parts.includes('answer')) {
    surveyRounds.stopAll();
    chapterJobs.stopAll();
    answers.stopWaiting();
  }
  if (parts.includes('encode')) queue.pauseLoading();
  host.stopLoading();
}
