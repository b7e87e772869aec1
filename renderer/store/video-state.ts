import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';

/** What a card says about a video, in one word; `state.*` of the library's words. */
export type VideoState =
  | { readonly kind: 'encoding' | 'paused'; readonly share: number | undefined; readonly etaSeconds: number | undefined }
  | { readonly kind: 'preparing' | 'waiting' | 'ready' | 'missing' | 'damaged' | 'new' }
  /** Part of it can be asked about; nothing is on its way to encode the rest. */
  | { readonly kind: 'partly' }
  | { readonly kind: 'failed'; readonly message: string };

/** The state of a video. Of several truths the one that a person would act upon is told. */
export function videoStateOf(video: VideoCard, job: QueueJob | undefined): VideoState {
  const complete = video.memories.some(({ state }) => state === 'complete');
  if (job?.state === 'running') {
    return job.stage === 'encode' ? { kind: 'encoding', share: job.share ?? undefined, etaSeconds: job.etaSeconds ?? undefined } : { kind: 'preparing' };
  }
  if (job?.state === 'queued') return { kind: 'waiting' };
  // Nothing can be tried again before the file is there.
  if (!video.present) return { kind: 'missing' };
  if (job?.state === 'failed') return { kind: 'failed', message: job.error?.message ?? '' };
  if (job?.state === 'paused') return { kind: 'paused', share: job.share ?? undefined, etaSeconds: undefined };
  if (complete) return { kind: 'ready' };
  if (video.memories.some(({ state, frameCount }) => state === 'growing' && frameCount > 0)) return { kind: 'partly' };
  return { kind: video.memories.some(({ state }) => state === 'damaged') ? 'damaged' : 'new' };
}

/** Why an encode has failed, with what a sentence of the interface names: a job tells of its error no more than code and words. */
export function failureOf({ error, title }: QueueJob): { readonly code: string; readonly message: string; readonly data: { readonly path: string } } | undefined {
  return error === null ? undefined : { ...error, data: { path: title } };
}

/** Whether anything of a video is in memory. */
export function hasFrames({ memories }: VideoCard): boolean {
  return memories.some(({ frameCount, state }) => frameCount > 0 && state !== 'damaged');
}

/** The memory that an export takes, as the engine chooses it; undefined while none is whole. */
export function exportedMemory({ memories }: VideoCard): VideoCard['memories'][number] | undefined {
  const complete = memories.filter(({ state }) => state === 'complete');
  return complete.find(({ mode }) => mode === 'exact') ?? complete[0];
}

export function storedBytes(video: VideoCard): number {
  return video.memories.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Those whose title has every word of the filter, the last used or added first. */
export function listedVideos(videos: readonly VideoCard[], filter: string, usedAtMs: Readonly<Record<string, number>>): readonly VideoCard[] {
  const words = filter.toLowerCase().split(/\s+/u).filter((word) => word !== '');
  const lastMs = ({ id, addedAtMs }: VideoCard): number => Math.max(addedAtMs, usedAtMs[id] ?? 0);
  return videos
    .filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
    .sort((one, other) => lastMs(other) - lastMs(one));
}
