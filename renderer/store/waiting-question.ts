import type { TimeRange } from '../geometry/range.ts';

/** A question that is asked as soon as its video is encoded. */
export type WaitingQuestion = { readonly videoId: string; readonly question: string; readonly range?: TimeRange };

/** As the engine keeps it among the settings of the page; undefined where there is none. */
export function parseWaiting(kept: unknown): WaitingQuestion | undefined {
  if (typeof kept !== 'object' || kept === null || !('videoId' in kept) || !('question' in kept)) return undefined;
  const { videoId, question } = kept;
  if (typeof videoId !== 'string' || typeof question !== 'string') return undefined;
  return { videoId, question, ...('range' in kept && isRange(kept.range) && { range: kept.range }) };
}

function isRange(kept: unknown): kept is TimeRange {
  return typeof kept === 'object' && kept !== null && 'startSeconds' in kept && typeof kept.startSeconds === 'number' && 'endSeconds' in kept && typeof kept.endSeconds === 'number';
}

export function isSameQuestion(one: WaitingQuestion | undefined, other: WaitingQuestion): boolean {
  return one?.videoId === other.videoId && one.question === other.question;
}

/**
 * Runs `work` while no other window of this browser runs any: several have the question, and one may ask it. What a lock
 * guards is gone with its window, so that nobody waits for one that was closed.
 */
export async function oneAtATime(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request('waiting-question', work);
}
