import type { AppState } from '../store/app-store.ts';
import { unfinishedAnswer } from '../store/conversation-slice.ts';

/**
 * Whether a question can be asked now, or why not. `partial`: yes, about the beginning of the video that is in memory.
 * `encoding`: nothing is in memory yet; `unencoded`: and nothing is on its way.
 */
export type Readiness = 'ready' | 'partial' | 'writing' | 'offline' | 'loading' | 'encoding' | 'unencoded';

export function readiness(state: Pick<AppState, 'link' | 'video' | 'memory' | 'jobs' | 'messages' | 'messagesLoaded' | 'selectedVideoId'>): Readiness {
  const { link, video, memory, jobs, messages, messagesLoaded, selectedVideoId } = state;
  if (link !== 'connected') return 'offline';
  if (unfinishedAnswer(messages) !== undefined) return 'writing';
  // Asked before its conversation is there, a question would begin another one.
  if (video === undefined || !messagesLoaded) return 'loading';
  if (memory !== undefined && memory.frameCount > 0) return memory.state === 'growing' ? 'partial' : 'ready';
  return jobs.some((job) => job.videoId === selectedVideoId && (job.state === 'queued' || job.state === 'running')) ? 'encoding' : 'unencoded';
}

export const canAsk = (state: Readiness): boolean => state === 'ready' || state === 'partial';

/** Whether a question that is sent now is taken: asked at once, or once its video is encoded. */
export const takesQuestion = (state: Readiness): boolean => canAsk(state) || state === 'encoding';
