import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import { toJson, type Database } from './database.ts';
import { notFound } from './library-errors.ts';
import { requireVideo } from './videos.ts';

const surveySchema = z.object({
  id: z.string(),
  question: z.string(),
  createdAtMs: z.int(),
  removedAtMs: z.int().nullable(),
  videoCount: z.int(),
  /** Of how many of them it was asked. */
  askedCount: z.int(),
});
/** One question that was asked of several videos. */
export type Survey = z.infer<typeof surveySchema>;

const partSchema = z.object({
  videoId: z.string(),
  videoTitle: z.string(),
  /** Null until it was asked. */
  questionId: z.string().nullable(),
  conversationId: z.string().nullable(),
  /** The newest answer; null where the question has none, or none any more. */
  answerId: z.string().nullable(),
  /** Why it could not be asked; null where nothing stood against it. */
  error: jsonText.nullable(),
});
export type SurveyPart = z.infer<typeof partSchema>;

// What was removed, videos as well as conversations and questions, is out of sight here as everywhere.
const parts = `FROM surveyParts JOIN videos ON videos.id = surveyParts.videoId AND videos.removedAtMs IS NULL
  LEFT JOIN messages AS questions ON questions.id = questionId LEFT JOIN conversations ON conversations.id = questions.conversationId
  WHERE questions.removedAtMs IS NULL AND conversations.removedAtMs IS NULL AND surveyId =`;
const select = `SELECT id, question, createdAtMs, removedAtMs, (SELECT count(*) ${parts} surveys.id) AS videoCount,
  (SELECT count(questionId) ${parts} surveys.id) AS askedCount FROM surveys`;

/**
 * Questions across videos. Each is asked in a new conversation of every video, where its answer is an ordinary one and can
 * be talked about further; a survey says only which questions belong together, and which videos are still to be asked.
 */
export class Surveys {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes the question and its videos, in this order, each once. Throws `not-found` where one is not there. */
  create({ question, videoIds }: { readonly question: string; readonly videoIds: readonly string[] }): Survey {
    const id = randomUUID();
    return this.#database.transaction(() => {
      this.#database.run('INSERT INTO surveys (id, question, createdAtMs) VALUES (:id, :question, :now)', { id, question, now: Date.now() });
      for (const [position, videoId] of [...new Set(videoIds)].entries()) {
        requireVideo(this.#database, videoId);
        this.#database.run('INSERT INTO surveyParts (surveyId, position, videoId) VALUES (:id, :position, :videoId)', { id, position, videoId });
      }
      return this.get(id);
    });
  }

  get(id: string): Survey {
    const survey = this.#database.get(surveySchema, `${select} WHERE id = :id`, { id });
    if (survey === undefined) throw notFound('survey', id);
    return survey;
  }

  /** Newest first. */
  list(): Survey[] {
    return this.#database.all(surveySchema, `${select} WHERE removedAtMs IS NULL ORDER BY number DESC`);
  }

  /** Its videos with what was asked and answered, in the order in which they were given. */
  parts(id: string): SurveyPart[] {
    return this.#database.all(partSchema, `SELECT surveyParts.videoId AS videoId, videos.title AS videoTitle, questionId, questions.conversationId AS conversationId, error,
      (SELECT answers.id FROM messages AS answers WHERE answers.parentId = questionId AND answers.conversationId = questions.conversationId
        AND answers.removedAtMs IS NULL ORDER BY answers.number DESC LIMIT 1) AS answerId
      ${parts} :id ORDER BY position`, { id });
  }

  /** One more video, behind the others; one that is among them already stays where it is. */
  add(id: string, videoId: string): void {
    this.#database.run(`INSERT INTO surveyParts (surveyId, position, videoId) SELECT :id, coalesce(max(position) + 1, 0), :videoId FROM surveyParts
      WHERE surveyId = :id HAVING NOT EXISTS (SELECT 1 FROM surveyParts WHERE surveyId = :id AND videoId = :videoId)`, { id, videoId });
  }

  /** Notes that a video was asked, or why it could not be. */
  note(id: string, videoId: string, outcome: { readonly questionId: string } | { readonly error: unknown }): void {
    this.#database.run('UPDATE surveyParts SET questionId = :questionId, error = :error WHERE surveyId = :id AND videoId = :videoId', {
      id, videoId, questionId: 'questionId' in outcome ? outcome.questionId : null, error: 'error' in outcome ? toJson(outcome.error) : null,
    });
  }

  /** Takes it out of lists and search. What was asked stays in the conversations of the videos. */
  remove(id: string): void {
    if (this.#database.run('UPDATE surveys SET removedAtMs = :now WHERE id = :id', { id, now: Date.now() }) === 0) throw notFound('survey', id);
  }

  /** Undoes {@link remove}. */
  restore(id: string): Survey {
    if (this.#database.run('UPDATE surveys SET removedAtMs = NULL WHERE id = :id', { id }) === 0) throw notFound('survey', id);
    return this.get(id);
  }

  /** Deletes removed ones for good. */
  purge(): void {
    this.#database.run('DELETE FROM surveys WHERE removedAtMs IS NOT NULL');
  }
}
