import type { FolderEntry } from '../../engine/protocol/methods-folders.ts';
import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';

/** What a card says about a video, in one word; `state.*` of the library's words. */
export type VideoState =
  | { readonly kind: 'encoding' | 'paused'; readonly share: number | undefined; readonly etaSeconds: number | undefined }
  | { readonly kind: 'preparing' | 'waiting' | 'ready' | 'missing' | 'damaged' | 'new' }
  /** What is in memory is of a model with another encoder. */
  | { readonly kind: 'other' }
  /** Part of it can be asked about; nothing is on its way to encode the rest. */
  | { readonly kind: 'partly' }
  /** `share` of it is in memory and can be asked about; undefined where nothing is. */
  | { readonly kind: 'failed'; readonly message: string; readonly share: number | undefined };

type Memory = VideoCard['memories'][number];

/** What there is to answer from: all of a video, the beginning of it, only what models with another encoder can use, a memory whose files have changed, or nothing. */
export type InMemory = 'whole' | 'part' | 'other' | 'damaged' | 'nothing';

/**
 * What the model in use finds of a video in memory. Cards, the composer, menus and questions across videos all ask this, so that none says of a
 * video what another denies. `encoder`: that model's, as {@link encoderInUse} has it; while it is not known, any memory will do.
 */
export function inMemory(memories: readonly Memory[], encoder: string | undefined): InMemory {
  const has = (memory: Memory): InMemory => memory.state === 'complete' ? 'whole' : memory.state === 'damaged' ? 'damaged' : memory.frameCount > 0 ? 'part' : 'nothing';
  const own = memories.filter((memory) => isOf(memory, encoder)).map(has);
  const others = memories.filter((memory) => !isOf(memory, encoder)).map(has);
  if (own.includes('whole')) return 'whole';
  if (own.includes('part')) return 'part';
  if (own.includes('damaged')) return 'damaged';
  if (others.includes('whole') || others.includes('part')) return 'other';
  return others.includes('damaged') ? 'damaged' : 'nothing';
}

/** Whether the model in use can be asked about a video, or about a part of it. */
export function isAskable({ memories }: VideoCard, encoder: string | undefined): boolean {
  const there = inMemory(memories, encoder);
  return there === 'whole' || there === 'part';
}

function isOf({ encoderFingerprint }: Memory, encoder: string | undefined): boolean {
  return encoder === undefined || encoderFingerprint === encoder;
}

/**
 * The memory whose thumbnails are shown: how a film looks does not depend on the encoder, so that of another model will do. A whole one before
 * one that grows, and one of the model in use before others; undefined where there is no picture.
 */
export function pictured(memories: readonly Memory[], encoder: string | undefined): Memory | undefined {
  const rank = (memory: Memory): number => (memory.state === 'complete' ? 0 : 2) + (isOf(memory, encoder) ? 0 : 1);
  return memories.filter(({ state, frameCount }) => state !== 'damaged' && frameCount > 0).toSorted((one, other) => rank(one) - rank(other) || other.frameCount - one.frameCount)[0];
}

/** The state of a video, to the model in use. Of several truths the one that a person would act upon is told. */
export function videoStateOf(video: VideoCard, job: QueueJob | undefined, encoder: string | undefined): VideoState {
  const there = inMemory(video.memories, encoder);
  if (job?.state === 'running') {
    return job.stage === 'encode' ? { kind: 'encoding', share: job.share ?? undefined, etaSeconds: job.etaSeconds ?? undefined } : { kind: 'preparing' };
  }
  if (job?.state === 'queued') return { kind: 'waiting' };
  // Nothing can be tried again before the file is there.
  if (!video.present) return { kind: 'missing' };
  // Before the video came whole from elsewhere: the queue still says it, and what there is can be asked about.
  if (job?.state === 'failed' && there !== 'whole') return { kind: 'failed', message: job.error?.message ?? '', share: shareInMemory(video, encoder) };
  if (job?.state === 'paused') return { kind: 'paused', share: job.share ?? undefined, etaSeconds: undefined };
  return { kind: kinds[there] };
}

const kinds = { whole: 'ready', part: 'partly', other: 'other', damaged: 'damaged', nothing: 'new' } as const satisfies Record<InMemory, VideoState['kind']>;

/** Why an encode has failed, with what a sentence of the interface names: a job tells of its error no more than code and words. */
export function failureOf({ state, error, title }: QueueJob): { readonly code: string; readonly message: string; readonly data: { readonly path: string } } | undefined {
  return state !== 'failed' || error === null ? undefined : { ...error, data: { path: title } };
}

/** The encode whose model's loading was cancelled: it rests, and nothing behind it is begun before it goes on. */
export function holdUpOf(jobs: readonly QueueJob[]): QueueJob | undefined {
  return jobs.find(({ state, error }) => state === 'paused' && error?.code === 'cancelled');
}

function shareInMemory({ memories, durationSeconds }: VideoCard, encoder: string | undefined): number | undefined {
  const frames = Math.max(0, ...memories.filter((memory) => memory.state !== 'damaged' && isOf(memory, encoder)).map(({ frameCount }) => frameCount));
  return frames === 0 || durationSeconds === undefined || durationSeconds === 0 ? undefined : Math.min(1, frames / durationSeconds);
}

/** Whether anything of a video is in memory, of whichever encoder. */
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
