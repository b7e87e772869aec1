import { LongtakeError, isLongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { toWireError } from '../protocol/envelope.ts';
import { requireQuestion } from '../chat/budget.ts';
import type { Library } from '../library/index.ts';
import type { Answers } from './answers.ts';
import { automaticTitle } from './automatic-title.ts';
import type { Changes } from './changes.ts';
import { answerErrorCode } from './message-view.ts';
import type { ModelHost } from './model-host.ts';
import { requireUsableMemory, type MemoryShelf } from './usable-memory.ts';

type Round = { readonly controller: AbortController; readonly waiting: Set<string> };

/** What keeps one video from being answered and says nothing of the next. */
const ofOneVideo = new Set(['not-found', 'memory-mismatch', 'memory-invalid', 'no-frames', 'file-not-found', 'file-unreadable', 'question-too-long']);

/**
 * Goes round the videos of a survey and asks one after another. The next is asked only once the one before has ended, so
 * that a question which a person asks meanwhile waits for one answer and not for all. Surveys go one after another, too.
 */
export class SurveyRounds {
  readonly #shelf: MemoryShelf;
  readonly #library: Library;
  readonly #host: ModelHost;
  readonly #changes: Changes;
  readonly #answers: Answers;
  readonly #rounds = new Map<string, Round>();
  #last: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(shelf: MemoryShelf, host: ModelHost, answers: Answers) {
    this.#shelf = shelf;
    this.#library = shelf.library;
    this.#host = host;
    this.#changes = shelf.changes;
    this.#answers = answers;
  }

  get isBusy(): boolean {
    return this.#rounds.size > 0;
  }

  isRunning(surveyId: string): boolean {
    return this.#rounds.has(surveyId);
  }

  /** Whether a video of a survey is still going to be asked. */
  isWaiting(surveyId: string, videoId: string): boolean {
    return this.#rounds.get(surveyId)?.waiting.has(videoId) === true;
  }

  /** Notes a question and begins to ask it. Throws `question-empty`; `bad-argument` without a video. */
  ask(given: string, videoIds: readonly string[]): string {
    requireQuestion(given);
    if (videoIds.length === 0) throw new LongtakeError('bad-argument', 'No video was chosen to ask. Choose one or more.');
    const { id } = this.#library.surveys.create({ question: given.trim(), videoIds });
    this.resume(id);
    return id;
  }

  /** Asks the videos that have not been asked. One that is being asked goes on as it is. */
  resume(surveyId: string): void {
    const { question } = this.#library.surveys.get(surveyId);
    if (this.#rounds.has(surveyId)) return;
    const waiting = new Set(this.#library.surveys.parts(surveyId).filter(({ questionId }) => questionId === null).map(({ videoId }) => videoId));
    if (waiting.size > 0) {
      const round: Round = { controller: new AbortController(), waiting };
      this.#rounds.set(surveyId, round);
      this.#last = this.#last.then(() => this.#goRound(surveyId, question, round));
    }
    this.#changed();
  }

  stop(surveyId: string): void {
    const round = this.#rounds.get(surveyId);
    if (round === undefined) return;
    // One that waits for another survey has nothing to wind up.
    this.#rounds.delete(surveyId);
    round.controller.abort();
    this.#changed();
  }

  stopAll(): void {
    for (const surveyId of [...this.#rounds.keys()]) this.stop(surveyId);
  }

  /** Asks no further. The answer that is being written is ended as any other: it was interrupted, nobody has stopped it. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { controller } of this.#rounds.values()) controller.abort();
    await this.#answers.close();
    await this.#last;
  }

  async #goRound(surveyId: string, question: string, round: Round): Promise<void> {
    for (const videoId of [...round.waiting]) {
      if (round.controller.signal.aborted) break;
      const goesOn = await this.#askOne(surveyId, videoId, question, round);
      round.waiting.delete(videoId);
      this.#changed();
      if (!goesOn) break;
    }
    if (this.#rounds.get(surveyId) === round) this.#rounds.delete(surveyId);
    this.#changed();
  }

  /** False where the next video would fare no better. */
  async #askOne(surveyId: string, videoId: string, question: string, round: Round): Promise<boolean> {
    const { signal } = round.controller;
    const library = this.#library;
    try {
      // It has left the library while others were asked: as it would not have been chosen, it is not asked.
      if (library.videos.get(videoId).removedAtMs !== null) return true;
      await requireUsableMemory(this.#shelf, videoId, await this.#host.spec());
      throwIfCancelled(signal);
      const answerId = library.transaction(() => {
        const { id: conversationId } = library.conversations.create({ videoId, title: automaticTitle(question) });
        const asked = this.#answers.ask(conversationId, question, undefined);
        library.surveys.note(surveyId, videoId, asked);
        return asked.answerId;
      });
      round.waiting.delete(videoId);
      this.#changes.emit({ topic: 'conversations', videoId });
      this.#changed();
      const stop = (): void => { if (!this.#closing) this.#answers.stop(answerId); };
      signal.addEventListener('abort', stop, { once: true });
      await this.#answers.whenEnded(answerId);
      signal.removeEventListener('abort', stop);
      const code = answerErrorCode(library.messages.get(answerId));
      return code === undefined || ofOneVideo.has(code);
    } catch (error) {
      if (isLongtakeError(error, 'cancelled') || signal.aborted) return false;
      const wire = toWireError(error);
      this.#noteError(surveyId, videoId, wire);
      return ofOneVideo.has(wire.code);
    }
  }

  /** Library or survey may be gone by now: what goes round alone must not take the engine with it. */
  #noteError(surveyId: string, videoId: string, error: unknown): void {
    try {
      this.#library.surveys.note(surveyId, videoId, { error });
    } catch (failure) {
      if (!isLongtakeError(failure)) throw failure;
    }
  }

  #changed(): void {
    this.#changes.emit({ topic: 'surveys' });
  }
}
