import type { QueueJob } from '../../engine/protocol/methods-library.ts';
import type { Slice } from './app-store.ts';

export type QueueSlice = {
  /** Encodes that wait, run, or want a decision, in the order in which they are done. One that was stopped is of no interest but to who undoes it. */
  readonly jobs: readonly QueueJob[];
  takeQueue(jobs: readonly QueueJob[]): void;
  pauseJob(jobId: string): Promise<void>;
  /** Puts a paused, failed or cancelled one back into the queue. */
  resumeJob(jobId: string): Promise<void>;
  /** What is encoded stays with the video; the way back, to the same place in the queue, is offered. One that has failed is forgotten. */
  cancelJob(jobId: string): Promise<void>;
  /** Before another one; without one, to the end. */
  moveJob(jobId: string, beforeJobId: string | undefined): Promise<void>;
  /** Encodes what is missing of a video of the library. */
  encodeVideo(videoId: string): Promise<void>;
  /** The same of several, as one plan that is asked about once. */
  encodeVideos(videoIds: readonly string[]): Promise<void>;
};

export const queueSlice: Slice<QueueSlice> = ({ link }) => (set, get) => ({
  jobs: [],
  takeQueue(jobs) {
    set({ jobs: jobs.filter(({ state }) => state !== 'cancelled') });
    get().followEncode();
  },
  async pauseJob(jobId) { await get().attempt(() => link.request('queue.pause', { jobId })); },
  async resumeJob(jobId) { await get().attempt(() => link.request('queue.resume', { jobId })); },
  async cancelJob(jobId) {
    const job = get().jobs.find(({ id }) => id === jobId);
    if (job === undefined) return;
    await get().attempt(async () => {
      if (job.state === 'failed') { await link.request('queue.remove', { jobId }); return; }
      await link.request('queue.cancel', { jobId });
      get().notify({ kind: 'undo', textKey: 'library.encodeStopped', values: { title: job.title }, undo: async () => {
        await link.request('queue.resume', { jobId });
        if (job.state === 'paused') await link.request('queue.pause', { jobId });
      } });
    });
  },
  async moveJob(jobId, beforeJobId) {
    await get().attempt(() => link.request('queue.move', { jobId, ...(beforeJobId === undefined ? {} : { beforeJobId }) }));
  },
  async encodeVideo(videoId) { await get().encodeVideos([videoId]); },
  async encodeVideos(videoIds) {
    const wanted = new Set(videoIds);
    await get().addPaths(get().videos.flatMap(({ id, path }) => wanted.has(id) && path !== undefined ? [path] : []));
  },
});
