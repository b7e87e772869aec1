import type { FolderEntry } from '../../engine/protocol/methods-folders.ts';
import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';

/** What a card says about a video, in one word; `state.*` of the library's words. */
export type VideoState =
  | { readonly kind: 'encoding' | 'paused'; readonly share: number | undefined; readonly etaSeconds: number | undefined }
  | { readonly kind: 'preparing' | 'waiting' | 'ready' | 'missing' | 'damaged' | 'new' }
  /** Part of it can be asked about; nothing is on its way to encode the rest. */
  | { readonly kind: 'partly' }
  /** `share` of it is in memory and can be asked about; undefined where nothing is. */
  | { readonly kind: 'failed'; readonly message: string; readonly share: number | undefined };

/** The state of a video. Of several truths the one that a person would act upon is told. */
export function videoStateOf(video: VideoCard, job: QueueJob | undefined): VideoState {
  const complete = video.memories.some(({ state }) => state === 'complete');
  if (job?.state === 'running') {
    return job.stage === 'encode' ? { kind: 'encoding', share: job.share ?? undefined, etaSeconds: job.etaSeconds ?? undefined } : { kind: 'preparing' };
  }
  if (job?.state === 'queued') return { kind: 'waiting' };
  // Nothing can be tried again before the file is there.
  if (!video.present) return { kind: 'missing' };
  // With another encoder, or before the video came whole from elsewhere: the queue still says it, and what there is can be asked about.
  if (job?.state === 'failed' && !complete) return { kind: 'failed', message: job.error?.message ?? '', share: shareInMemory(video) };
  if (job?.state === 'paused') return { kind: 'paused', share: job.share ?? undefined, etaSeconds: undefined };
  if (complete) return { kind: 'ready' };
  if (video.memories.some(({ state, frameCount }) => state === 'growing' && frameCount > 0)) return { kind: 'partly' };
  return { kind: isDamaged(video) ? 'damaged' : 'new' };
}

/** Why an encode has failed, with what a sentence of the interface names: a job tells of its error no more than code and words. */
export function failureOf({ state, error, title }: QueueJob): { readonly code: string; readonly message: string; readonly data: { readonly path: string } } | undefined {
  return state !== 'failed' || error === null ? undefined : { ...error, data: { path: title } };
}

/** The encode whose model's loading was cancelled: it rests, and nothing behind it is begun before it goes on. */
export function holdUpOf(jobs: readonly QueueJob[]): QueueJob | undefined {
  return jobs.find(({ state, error }) => state === 'paused' && error?.code === 'cancelled');
}

function shareInMemory({ memories, durationSeconds }: VideoCard): number | undefined {
  const frames = Math.max(0, ...memories.filter(({ state }) => state !== 'damaged').map(({ frameCount }) => frameCount));
  return frames === 0 || durationSeconds === undefined || durationSeconds === 0 ? undefined : Math.min(1, frames / durationSeconds);
}

/** Whether anything of a video is in memory. */
export function hasFrames({ memories }: VideoCard): boolean {
  return memories.some(({ frameCount, state }) => frameCount > 0 && state !== 'damaged');
}

/** Whether files of a memory of this video have changed or are missing. */
export function isDamaged({ memories }: VideoCard): boolean {
  return memories.some(({ state }) => state === 'damaged');
}

/** The memory that an export takes, as the engine chooses it; undefined while none is whole. */
export function exportedMemory({ memories }: VideoCard): VideoCard['memories'][number] | undefined {
  const complete = memories.filter(({ state }) => state === 'complete');
  return complete.find(({ mode }) => mode === 'exact') ?? complete[0];
}

export function storedBytes(video: VideoCard): number {
  return video.memories.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Those whose title, or whose folder's name, has every word of the filter, the last used or added first. */
export function listedVideos(
  videos: readonly VideoCard[], filter: string, usedAtMs: Readonly<Record<string, number>>, folders: readonly FolderEntry[] = [],
): readonly VideoCard[] {
  const names = new Map(folders.map(({ id, name }) => [id, name.toLowerCase()]));
  const has = ({ title, folderId }: VideoCard, word: string): boolean => title.toLowerCase().includes(word) || (folderId !== null && names.get(folderId)?.includes(word) === true);
  const words = filter.toLowerCase().split(/\s+/u).filter((word) => word !== '');
  const lastMs = ({ id, addedAtMs }: VideoCard): number => Math.max(addedAtMs, usedAtMs[id] ?? 0);
  return videos
    .filter((video) => words.every((word) => has(video, word)))
    .sort((one, other) => lastMs(other) - lastMs(one));
}
