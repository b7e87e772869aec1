import type { QueueJob, VideoCard } from '../../../engine/protocol/methods-library.ts';

/** A card as the engine sends one, with what a test is about. */
export const card = (given: Partial<VideoCard> = {}): VideoCard => ({ id: 'v', title: 'film.mp4', durationSeconds: 60, addedAtMs: 0, path: '/films/film.mp4', present: true, isPebbleTown: false, memories: [], conversations: 0, folderId: null, ...given });
export const memory = (given: Partial<VideoCard['memories'][number]> = {}): VideoCard['memories'][number] => ({ id: 'm', encoderName: 'tower', encoderFingerprint: 'tower-1', mode: 'exact', state: 'complete', frameCount: 60, byteLength: 1000, ...given });
export const job = (given: Partial<QueueJob> = {}): QueueJob => ({ id: 'j', videoId: 'v', title: 'film.mp4', state: 'running', stage: 'encode', share: 0.5, doneSeconds: 30, totalSeconds: 60, etaSeconds: 12, provider: 'cpu', error: null, ...given });
