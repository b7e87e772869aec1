import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';

export type EncodeNews = { readonly kind: 'encoded' | 'failed'; readonly title: string };

/** What has become of encodes between two states of the queue. One that was taken out by a person is no news. */
export function encodeNews(before: readonly QueueJob[], now: readonly QueueJob[], videos: readonly VideoCard[]): readonly EncodeNews[] {
  return before.flatMap(({ id, videoId, title, state }): EncodeNews[] => {
    const job = now.find((one) => one.id === id);
    if (job?.state === 'failed' && state !== 'failed') return [{ kind: 'failed', title }];
    const complete = videos.find((video) => video.id === videoId)?.memories.some((memory) => memory.state === 'complete') === true;
    return job === undefined && state === 'running' && complete ? [{ kind: 'encoded', title }] : [];
  });
}
