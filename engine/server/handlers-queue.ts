import path from 'node:path';
import type { queueMethods } from '../protocol/methods-library.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { sampleVideoFile } from '../pipeline/pebble-town.ts';
import { enqueueFile, enqueuePaths } from './enqueue.ts';
import { forecast } from './forecast.ts';
import type { Workspace } from './workspace.ts';

export function createQueueHandlers(workspace: Workspace): MethodHandlers<keyof typeof queueMethods> {
  const { queue, changes } = workspace;
  const setState = (jobId: string, state: 'queued' | 'paused' | 'cancelled'): Record<string, never> => {
    queue.setState(jobId, state);
    return {};
  };
  return {
    'queue.add': async (params, { signal }) => await enqueuePaths(workspace, params, signal),
    'queue.addSample': async (_params, { signal }) => {
      const added = await enqueueFile(workspace, sampleVideoFile, signal);
      changes.emit({ topic: 'library' });
      if (added.outcome === 'refused') throw new LongtakeError('internal', `${path.basename(sampleVideoFile)} could not be opened.`);
      return { videoId: added.videoId, jobId: added.outcome === 'queued' ? added.jobId : null };
    },
    'queue.list': () => ({ jobs: queue.list() }),
    'queue.forecast': (params, { signal }) => forecast(workspace, params, signal),
    'queue.pause': ({ jobId }) => setState(jobId, 'paused'),
    'queue.resume': ({ jobId }) => setState(jobId, 'queued'),
    'queue.cancel': ({ jobId }) => setState(jobId, 'cancelled'),
    'queue.remove': ({ jobId }) => {
      queue.remove(jobId);
      return {};
    },
    'queue.move': ({ jobId, beforeJobId }) => {
      queue.move(jobId, beforeJobId);
      return {};
    },
  };
}
