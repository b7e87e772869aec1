import type { AppState } from '../store/app-store.ts';
import { unfinishedAnswer } from '../store/conversation-slice.ts';
import { encoderInUse } from '../store/models-slice.ts';
import { inMemory } from '../store/video-state.ts';

/**
 * Whether a question can be asked now, or why not. `partial`: yes, about the beginning of the video that is in memory.
 * `encoding`: nothing is in memory yet; `unencoded`: and nothing is on its way; `other`: nor is it, and what is in memory is another encoder's.
 */
export type Readiness = 'ready' | 'partial' | 'writing' | 'offline' | 'loading' | 'encoding' | 'unencoded' | 'other';

export function readiness(state: Pick<AppState, 'link' | 'video' | 'memory' | 'jobs' | 'messages' | 'messagesLoaded' | 'selectedVideoId' | 'models'>): Readiness {
  const { link, video, memory, jobs, messages, messagesLoaded, selectedVideoId } = state;
  if (link !== 'connected') return 'offline';
  if (unfinishedAnswer(messages) !== undefined) return 'writing';
  // Asked before its conversation is there, a question would begin another one.
  if (video === undefined || !messagesLoaded) return 'loading';
  const encoder = encoderInUse(state);
  // The engine says of which memory it answers; after the choice of another model that is the old one's for a moment.
  const there = memory === undefined ? 'nothing' : inMemory([memory], encoder);
  if (there === 'whole') return 'ready';
  if (there === 'part') return 'partial';
  if (jobs.some((job) => job.videoId === selectedVideoId && (job.state === 'queued' || job.state === 'running'))) return 'encoding';
  return inMemory(video.memories, encoder) === 'other' ? 'other' : 'unencoded';
}

export const canAsk = (state: Readiness): boolean => state === 'ready' || state === 'partial';

/** Whether a question that is sent now is taken: asked at once, or once its video is encoded. */
export const takesQuestion = (state: Readiness): boolean => canAsk(state) || state === 'encoding';
