import type { TimeRange } from '../geometry/range.ts';

const storageKey = 'waitingQuestion';

/** A question that is asked as soon as its video is encoded. */
export type WaitingQuestion = { readonly videoId: string; readonly question: string; readonly range?: TimeRange };

/**
 * Lets a question that waits outlive a reload. It lies in the window's own storage only while no page has it: a tab that is
 * duplicated gets a copy of the storage, and would ask a second time what lay there all along.
 */
export function leaveWaiting(waiting: WaitingQuestion | undefined): void {
  try {
    if (waiting === undefined) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(waiting));
  } catch {
    // A browser that keeps nothing.
  }
}

/** Takes what {@link leaveWaiting} left: nobody else finds it. */
export function takeWaiting(): WaitingQuestion | undefined {
  try {
    const left: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    sessionStorage.removeItem(storageKey);
    return isWaiting(left) ? left : undefined;
  } catch {
    return undefined;
  }
}

function isWaiting(left: unknown): left is WaitingQuestion {
  return typeof left === 'object' && left !== null && 'videoId' in left && typeof left.videoId === 'string' && 'question' in left && typeof left.question === 'string'
    && (!('range' in left) || isRange(left.range));
}

function isRange(left: unknown): left is TimeRange {
  return typeof left === 'object' && left !== null && 'startSeconds' in left && typeof left.startSeconds === 'number' && 'endSeconds' in left && typeof left.endSeconds === 'number';
}
