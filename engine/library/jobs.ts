import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import { toJson, type Database } from './database.ts';
import { notFound } from './library-errors.ts';

const stateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
const jobSchema = z.object({
  id: z.string(),
  kind: z.string(),
  videoId: z.string().nullable(),
  state: stateSchema,
  stage: z.string().nullable(),
  done: z.number(),
  total: z.number().nullable(),
  /** Why it failed, or why it was paused where nobody has paused it, as it is shown. */
  error: jsonText.pipe(z.object({ code: z.string(), message: z.string() })).nullable(),
  data: jsonText.nullable(),
  /** The process that runs it. */
  owner: z.string().nullable(),
  heartbeatAtMs: z.int().nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
});
export type Job = z.infer<typeof jobSchema>;
export type JobState = z.infer<typeof stateSchema>;

const columns = 'id, kind, videoId, state, stage, done, total, error, data, owner, heartbeatAtMs, createdAtMs, updatedAtMs';

/**
 * A queue that outlives its processes. A process claims a job under a name of its own, and every report of progress is
 * its sign of life; a job whose owner has gone silent goes back into the queue by {@link recover}.
 */
export class Jobs {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a job at the end of the queue. */
  add({ kind, videoId, data }: { readonly kind: string; readonly videoId?: string; readonly data?: unknown }): Job {
    const id = randomUUID();
    this.#database.run(`INSERT INTO jobs (id, kind, videoId, state, position, data, createdAtMs, updatedAtMs)
      SELECT :id, :kind, :videoId, 'queued', coalesce(max(position), 0) + 1, :data, :now, :now FROM jobs`,
    { id, kind, videoId: videoId ?? null, data: toJson(data), now: Date.now() });
    return this.get(id);
  }

  get(id: string): Job {
    const job = this.#database.get(jobSchema, `SELECT ${columns} FROM jobs WHERE id = :id`, { id });
    if (job === undefined) throw notFound('job', id);
    return job;
  }

  /** In the order of the queue. */
  list({ states = stateSchema.options }: { readonly states?: readonly JobState[] } = {}): Job[] {
    return this.#database.all(jobSchema,
      `SELECT ${columns} FROM jobs WHERE state IN (SELECT value FROM json_each(:states)) ORDER BY position, id`, { states: JSON.stringify(states) });
  }

  /** Takes the first queued job for `owner`, or nothing. No two processes get the same one. Those of removed videos rest. */
  claim(owner: string): Job | undefined {
    return this.#database.transaction(() => {
      const next = this.#database.get(z.object({ id: z.string() }), `SELECT jobs.id FROM jobs LEFT JOIN videos ON videos.id = videoId
        WHERE state = 'queued' AND removedAtMs IS NULL ORDER BY position, jobs.id LIMIT 1`);
      if (next === undefined) return undefined;
      this.#database.run(`UPDATE jobs SET state = 'running', owner = :owner, error = NULL, heartbeatAtMs = :now, updatedAtMs = :now WHERE id = :id`,
        { id: next.id, owner, now: Date.now() });
      return this.get(next.id);
    });
  }

  /**
   * Reports progress. Returns false where the job is no longer this owner's to run: paused, cancelled, or taken over
   * after a silence. The owner then stops.
   */
  progress(id: string, owner: string, { stage, done, total }: { readonly stage: string; readonly done: number; readonly total?: number | undefined }): boolean {
    return this.#database.run(`UPDATE jobs SET stage = :stage, done = :done, total = coalesce(:total, total), heartbeatAtMs = :now, updatedAtMs = :now
      WHERE id = :id AND owner = :owner AND state = 'running'`, { id, owner, stage, done, total: total ?? null, now: Date.now() }) > 0;
  }

  /** Ends a job that `owner` runs. Returns false where it is no longer its own, and changes nothing. */
  finish(id: string, owner: string, error?: { readonly code: string; readonly message: string }): boolean {
    return this.#database.run(`UPDATE jobs SET state = :state, error = :error, owner = NULL, updatedAtMs = :now
      WHERE id = :id AND owner = :owner AND state = 'running'`,
    { id, owner, state: error === undefined ? 'done' : 'failed', error: toJson(error && { code: error.code, message: error.message }), now: Date.now() }) > 0;
  }

  /** Pauses or cancels a queued or running job, perhaps for a reason, or puts a paused, failed or cancelled one back into the queue. */
  setState(id: string, state: 'queued' | 'paused' | 'cancelled', reason?: NonNullable<Job['error']>): Job {
    const from = state === 'queued' ? ['paused', 'failed', 'cancelled'] : ['queued', 'running', 'paused'];
    this.#database.run(`UPDATE jobs SET state = :state, owner = NULL, updatedAtMs = :now, error = CASE :state WHEN 'queued' THEN NULL ELSE coalesce(:reason, error) END
      WHERE id = :id AND state IN (SELECT value FROM json_each(:from))`, { id, state, from: JSON.stringify(from), reason: toJson(reason), now: Date.now() });
    return this.get(id);
  }

  /** Paused jobs stay so, as if a person had paused them. */
  forgetReasons(): void {
    this.#database.run(`UPDATE jobs SET error = NULL, updatedAtMs = :now WHERE state = 'paused' AND error IS NOT NULL`, { now: Date.now() });
  }

  /** Puts a failed or cancelled job back into its place in the queue, to be done with other data. */
  renew(id: string, data: unknown): Job {
    return this.#database.transaction(() => {
      this.#database.run('UPDATE jobs SET data = :data WHERE id = :id', { id, data: toJson(data) });
      return this.setState(id, 'queued');
    });
  }

  /** Takes what runs for a video from its owner, and keeps its place in the queue. */
  interrupt(videoId: string): void {
    this.#database.run(`UPDATE jobs SET state = 'queued', owner = NULL, updatedAtMs = :now WHERE videoId = :videoId AND state = 'running'`,
      { videoId, now: Date.now() });
  }

  /** Moves a job before another one, or to the end. */
  move(id: string, beforeId?: string): void {
    this.#database.transaction(() => {
      const order = this.list().map((job) => job.id).filter((other) => other !== id);
      const place = beforeId === undefined ? order.length : order.indexOf(beforeId);
      if (place === -1) throw notFound('job', beforeId ?? '');
      order.splice(place, 0, this.get(id).id);
      for (const [position, jobId] of order.entries()) this.#database.run('UPDATE jobs SET position = :position WHERE id = :jobId', { position, jobId });
    });
  }

  /** Puts running jobs back into the queue whose owner was silent for so long, or is known to be dead. Returns how many. */
  recover({ silentForMs, owner }: { readonly silentForMs?: number; readonly owner?: string }): number {
    return this.#database.run(`UPDATE jobs SET state = 'queued', owner = NULL, updatedAtMs = :now
      WHERE state = 'running' AND (heartbeatAtMs < :before OR owner = :owner)`,
    { now: Date.now(), before: silentForMs === undefined ? 0 : Date.now() - silentForMs, owner: owner ?? null });
  }

  remove(id: string): void {
    if (this.#database.run('DELETE FROM jobs WHERE id = :id', { id }) === 0) throw notFound('job', id);
  }
}
