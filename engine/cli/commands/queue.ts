import path from 'node:path';
import type { Command } from 'commander';
import { isLongtakeError, LongtakeError } from '../../protocol/errors.ts';
import type { QueueJob } from '../../protocol/methods-library.ts';
import type { MethodResult } from '../../protocol/methods.ts';
import type { LibraryClient } from '../../server/library-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { runOnLibrary, type JsonFlag } from '../library-command.ts';
import { formatDuration } from '../output.ts';
import { defineCommand } from '../run.ts';

const steps = [
  { name: 'pause', method: 'queue.pause', does: 'let one rest where it is', done: 'rests' },
  { name: 'resume', method: 'queue.resume', does: 'put a paused, failed or cancelled one back into the queue', done: 'is in the queue' },
  { name: 'cancel', method: 'queue.cancel', does: 'stop one; what is encoded stays, and "queue resume" goes on', done: 'is cancelled' },
  { name: 'remove', method: 'queue.remove', does: 'stop one and forget it; what is encoded stays', done: 'is out of the queue' },
] as const;

export function addQueueCommand(program: Command): void {
  const queue = program.command('queue').description('videos that wait to be watched. The app and "longtake serve" work on the queue; a change reaches them within a second')
    .addHelpText('after', '\nA job is named by its id or by its video.\n\nExample:\n  longtake queue add holiday/');

  defineCommand(queue, 'list', 'what waits, runs, or wants a decision, in the order of the queue (the default)', 'queue list', { isDefault: true })
    .action((flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const listed = await library.request('queue.list', {});
      output.result(listed, listed.jobs.length === 0 ? 'The queue is empty.' : listed.jobs.map(describeJob).join('\n'));
    }));

  defineCommand(queue, 'add <paths...>', 'files and folders; "longtake ingest" watches them now instead', 'queue add holiday/ party.mp4')
    .action((paths: string[], flags: JsonFlag) => runOnLibrary(flags, async (library, { output, signal }) => {
      const { results } = await library.request('queue.add', { paths: paths.map((each) => path.resolve(each)) }, { signal, onProgress: output.progress });
      output.result({ results }, results.map(describeAdded).join('\n'));
      return results.some(({ outcome }) => outcome === 'refused') ? exitCodes.input.code : exitCodes.success.code;
    }));

  for (const { name, method, does, done } of steps) {
    defineCommand(queue, `${name} <job>`, does, `queue ${name} party.mp4`)
      .action((given: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
        const { id, title } = await findJob(library, given);
        await library.request(method, { jobId: id });
        const job = (await library.request('queue.list', {})).jobs.find((each) => each.id === id) ?? null;
        output.result({ jobId: id, job }, `${title} ${done}.`);
      }));
  }

  defineCommand(queue, 'move <job>', 'to the end of the queue, or before another one', 'queue move party.mp4 --before holiday.mp4')
    .option('--before <job>', 'before this one')
    .option('--first', 'before all others')
    .action((given: string, flags: JsonFlag & { before?: string; first?: boolean }) => runOnLibrary(flags, async (library, { output }) => {
      if (flags.before !== undefined && flags.first === true) throw new LongtakeError('bad-argument', 'Give --before or --first, not both.');
      const job = await findJob(library, given);
      const others = (await library.request('queue.list', {})).jobs.filter(({ id }) => id !== job.id);
      const before = flags.first === true ? others[0] : flags.before === undefined ? undefined : await findJob(library, flags.before);
      await library.request('queue.move', { jobId: job.id, ...before && { beforeJobId: before.id } });
      const listed = await library.request('queue.list', {});
      output.result(listed, listed.jobs.map(describeJob).join('\n'));
    }));
}

/** By its id, or by its video's file, title or id. Throws `not-found`. */
async function findJob(library: LibraryClient, name: string): Promise<QueueJob> {
  const { jobs } = await library.request('queue.list', {});
  const byId = jobs.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const video = await library.request('library.find', { name }).catch((error: unknown) => {
    if (isLongtakeError(error, 'not-found')) return undefined;
    throw error;
  });
  const job = video && jobs.find(({ videoId }) => videoId === video.id);
  if (job !== undefined) return job;
  throw new LongtakeError('not-found', `"${name}" is not in the queue. "longtake queue list" shows what is.`, { job: name });
}

function describeJob({ id, title, state, share, etaSeconds, error }: QueueJob): string {
  const amount = share === null || share === 0 ? '' : `  ${(share * 100).toFixed(1)} %`;
  const left = etaSeconds === null ? '' : `, ${formatDuration(etaSeconds)} left`;
  return `${id}  ${state}${amount}${left}  ${title}${error === null ? '' : `\n  ${error.message} [${error.code}]`}`;
}

function describeAdded(added: MethodResult<'queue.add'>['results'][number]): string {
  switch (added.outcome) {
    case 'queued': return `${added.jobId}  ${added.path}`;
    case 'in-memory': return `${added.path} is in memory already. Ask it: longtake ask ${added.videoId} "…"`;
    case 'refused': return `${added.path}: ${added.error.message} [${added.error.code}]`;
    default: return added satisfies never;
  }
}
