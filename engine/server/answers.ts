import { isLongtakeError, LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { toWireError } from '../protocol/envelope.ts';
import type { Progress } from '../protocol/progress.ts';
import { requireQuestion } from '../chat/budget.ts';
import type { Library, Message } from '../library/index.ts';
import type { Answer } from '../pipeline/answer.ts';
import type { TimeRange } from '../pipeline/repository.ts';
import { automaticTitle } from './automatic-title.ts';
import { answerProgress, type AnswerProgress, type Changes } from './changes.ts';
import { cameToItsEnd, questionDataSchema, type AnswerData, type LiveAnswer } from './message-view.ts';
import type { ModelHost } from './model-host.ts';
import { withUsableMemory, type MemoryShelf } from './usable-memory.ts';

type Asked = { readonly conversationId: string; readonly questionId: string; readonly answerId: string };
type Live = { state: LiveAnswer['state']; text: string; progress?: AnswerProgress; savedAtMs: number; readonly asked: Asked; readonly controller: AbortController; readonly ended: PromiseWithResolvers<void> };
type Sampling = { readonly sample?: boolean; readonly seed?: number };

/** A killed process loses at most this much of an answer. */
const saveEveryMs = 1000;

/**
 * Writes answers, one at a time, in the order in which they were asked for. An answer belongs to its conversation and
 * not to who asked: it goes on when a window closes, and everybody who has the conversation open reads along.
 */
export class Answers {
  readonly #shelf: MemoryShelf;
  readonly #library: Library;
  readonly #host: ModelHost;
  readonly #changes: Changes;
  readonly #live = new Map<string, Live>();
  readonly #closing = new AbortController();
  #last: Promise<void> = Promise.resolve();
  /** Those of {@link inTurn}. */
  #others = 0;
  /** Ends those that wait now, and none that come later. */
  #waiting = new AbortController();
  #stopping = false;
  #held = false;

  constructor(shelf: MemoryShelf, host: ModelHost) {
    this.#shelf = shelf;
    this.#library = shelf.library;
    this.#host = host;
    this.#changes = shelf.changes;
  }

  /** An answer that is being written; undefined for one that has ended. */
  get(answerId: string): LiveAnswer | undefined {
    return this.#live.get(answerId);
  }

  /** Resolves once an answer is written no further. */
  async whenEnded(answerId: string): Promise<void> {
    await this.#live.get(answerId)?.ended.promise;
  }

  get isBusy(): boolean {
    return this.#live.size > 0 || this.#others > 0;
  }

  /** Takes no question until the returned function is called. */
  hold(): () => void {
    this.#held = true;
    return () => { this.#held = false; };
  }

  /**
   * Runs other work that answers, in its turn, and gives what it gives. Its signal fires with the given one, and when the engine closes.
   * Throws `library-busy` while the library is being moved, `cancelled` where the signal has fired before its turn or the model's loading was
   * cancelled, `connection-lost` where the engine closes.
   */
  async inTurn<Result>(work: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    this.#requireFree();
    const stopping = AbortSignal.any([signal, this.#closing.signal, this.#waiting.signal]);
    this.#others++;
    const turn = this.#last.then(async () => {
      throwIfCancelled(stopping);
      return await work(stopping);
    }).catch((error: unknown) => {
      // Who asked has stopped nothing, and is a program: it gets a sentence that says who has.
      if (!isLongtakeError(error, 'cancelled') || signal.aborted) throw error;
      if (this.#closing.signal.aborted) throw new LongtakeError('connection-lost', 'Longtake is being closed. Ask again once it is there.');
      throw new LongtakeError('cancelled', 'The loading of the model that this waits for was cancelled in Longtake. Asking again loads it.');
    }).finally(() => { this.#others--; });
    this.#last = turn.then(() => undefined, () => undefined);
    return await turn;
  }

  /** Asks at the end of the shown branch. */
  ask(conversationId: string, question: string, range: TimeRange | undefined): Asked {
    return this.#ask(conversationId, this.#library.conversations.get(conversationId).activeLeafId, question, range);
  }

  /** Asks something else in the place of a question; its range stays unless another one, or null for none, is given. What is written below the old one ends. */
  edit(questionId: string, question: string, range: TimeRange | null | undefined): Asked {
    const old = this.#message(questionId, 'user');
    const asked = this.#ask(old.conversationId, old.parentId, question, range === undefined ? questionDataSchema.parse(old.data).range : range ?? undefined);
    this.stopBelow(questionId);
    return asked;
  }

  /**
   * Greedy decoding would say the same again, so another answer is sampled, with a seed that no sibling has. Where none
   * came to its end, the likeliest words have not been said yet, and it is those that are said.
   */
  regenerate(answerId: string): Asked {
    const { conversationId, parentId } = this.#message(answerId, 'assistant');
    const question = this.#message(parentId ?? '', 'user');
    const siblings = this.#library.messages.list(conversationId).filter((message) => message.parentId === question.id);
    const asked = this.#begin(question, siblings.some(cameToItsEnd) ? { sample: true, seed: siblings.length } : {});
    this.stopBelow(answerId);
    return asked;
  }

  stop(answerId: string): void {
    this.#library.messages.get(answerId);
    this.#stopWhere((asked) => asked.answerId === answerId);
  }

  /** Ends what is being written at a message or below it, because it was taken away or another one stands in its place: the next question must not wait for it. */
  stopBelow(messageId: string): void {
    this.#stopWhere(({ answerId }) => this.#library.messages.path(answerId).some(({ id }) => id === messageId));
  }

  /** As {@link stopBelow}, for a whole conversation. */
  stopConversation(conversationId: string): void {
    this.#stopWhere((asked) => asked.conversationId === conversationId);
  }

  /** As {@link stopBelow}, for all conversations about a video. */
  stopVideo(videoId: string): void {
    this.#stopWhere(({ conversationId }) => this.#library.conversations.get(conversationId).videoId === videoId);
  }

  /** Ends all that have not been begun: the loading of the model that they wait for was stopped, and none of them is to begin it again. */
  stopWaiting(): void {
    this.#waiting.abort();
    this.#waiting = new AbortController();
    const waiting = new Set([...this.#live.values()].filter(({ state }) => state === 'waiting').map(({ asked }) => asked.answerId));
    this.#stopWhere(({ answerId }) => waiting.has(answerId));
  }

  /** Ends everything; what was said so far stays, as interrupted. */
  async close(): Promise<void> {
    this.#stopping = true;
    this.#closing.abort();
    for (const { controller } of this.#live.values()) controller.abort();
    await this.#last;
  }

  #stopWhere(holds: (asked: Asked) => boolean): void {
    for (const live of [...this.#live.values()].filter(({ asked }) => holds(asked))) {
      live.controller.abort();
      // One that waits, perhaps for minutes until a model is prepared, has nothing to wind up.
      if (live.state === 'waiting') this.#end(live, { state: 'stopped' });
    }
  }

  #message(id: string, role: Message['role']): Message {
    const message = this.#library.messages.get(id);
    if (message.role === role && message.removedAtMs === null) return message;
    throw new LongtakeError('bad-argument', `Message ${id} is not ${role === 'user' ? 'a question' : 'an answer'} that is there.`, { id });
  }

  #ask(conversationId: string, parentId: string | null, question: string, range: TimeRange | undefined): Asked {
    requireQuestion(question);
    if (range !== undefined && range.endSeconds <= range.startSeconds) {
      throw new LongtakeError('bad-argument', `A range from ${range.startSeconds} s to ${range.endSeconds} s holds nothing. Choose a longer one.`, { ...range });
    }
    if (parentId !== null && this.#live.has(parentId)) {
      throw new LongtakeError('bad-argument', 'The answer before is still being written. Wait for it, or stop it.', { answerId: parentId });
    }
    const { asked, videoId } = this.#library.transaction(() => {
      const conversation = this.#library.conversations.get(conversationId);
      if (conversation.title === '') this.#library.conversations.rename(conversationId, automaticTitle(question));
      const message = this.#library.messages.append({ conversationId, parentId, role: 'user', content: question, data: { ...(range && { range }) } });
      return { asked: this.#begin(message, {}), videoId: conversation.videoId };
    });
    this.#changes.emit({ topic: 'conversations', videoId });
    return asked;
  }

  #begin(question: Message, sampling: Sampling): Asked {
    this.#requireFree();
    const { conversationId } = question;
    const answer = this.#library.messages.append({
      conversationId, parentId: question.id, role: 'assistant', content: '', data: { state: 'waiting' } satisfies AnswerData,
    });
    const asked = { conversationId, questionId: question.id, answerId: answer.id };
    const live: Live = { state: 'waiting', text: '', savedAtMs: Date.now(), asked, controller: new AbortController(), ended: Promise.withResolvers() };
    this.#live.set(answer.id, live);
    this.#changed(live);
    this.#last = this.#last.then(() => this.#write(live, question, sampling));
    return asked;
  }

  #requireFree(): void {
    if (this.#held) throw new LongtakeError('library-busy', 'The library is being moved. Ask again when it is there.');
  }

  async #write(live: Live, question: Message, sampling: Sampling): Promise<void> {
    if (!this.#live.has(live.asked.answerId)) return;
    const { range } = questionDataSchema.parse(question.data);
    let data: AnswerData;
    try {
      data = await this.#host.use(async ({ engine, answerer }) => {
        throwIfCancelled(live.controller.signal);
        live.state = 'writing';
        this.#changed(live);
        const { videoId } = this.#library.conversations.get(question.conversationId);
        return await withUsableMemory(this.#shelf, videoId, engine.model.spec, async (memory) => {
          const mind = answerer(memory, range);
          const answer = await mind.answer(this.#turns(question), {
            signal: live.controller.signal, onText: (text) => { this.#say(live, text); }, onProgress: (progress) => { this.#advance(live, progress); },
          }, sampling);
          live.text = answer.answer;
          return {
            ...describe(answer), state: this.#stopping && answer.ended === 'stopped' ? 'interrupted' : answer.ended, range, model: engine.model.name, provider: mind.provider,
            coverage: { seconds: mind.memoryInfo.coverageSeconds, frames: memory.frameCount, complete: memory.complete },
          } as const;
        });
      });
    } catch (error) {
      data = isLongtakeError(error, 'cancelled') ? { state: this.#stopping ? 'interrupted' : 'stopped', range } : { state: 'failed', range, error: toWireError(error) };
    }
    this.#end(live, data);
  }

  /** Questions with their answers up to this one. What got no answer is left out: turns must alternate. */
  #turns(question: Message): { readonly role: Message['role']; readonly content: string }[] {
    const path = this.#library.messages.path(question.id).slice(0, -1);
    const answered = path.filter((message, index) => {
      const answer = message.role === 'user' ? path[index + 1] : message;
      return answer?.role === 'assistant' && answer.content !== '';
    });
    return [...answered, question].map(({ role, content }) => ({ role, content }));
  }

  #advance(live: Live, given: Progress): void {
    const progress = answerProgress(given);
    if (progress === undefined) return;
    live.progress = progress;
    const { conversationId, answerId } = live.asked;
    this.#changes.emit({ topic: 'answer-progress', conversationId, messageId: answerId, progress });
  }

  #say(live: Live, text: string): void {
    delete live.progress;
    const offset = live.text.length;
    live.text += text;
    const { conversationId, answerId } = live.asked;
    this.#changes.emit({ topic: 'text', conversationId, messageId: answerId, offset, text });
    if (Date.now() - live.savedAtMs < saveEveryMs) return;
    live.savedAtMs = Date.now();
    this.#save(live, { state: 'writing' });
  }

  #end(live: Live, data: AnswerData): void {
    if (!this.#live.delete(live.asked.answerId)) return;
    this.#save(live, data);
    this.#changed(live);
    live.ended.resolve();
  }

  /** The conversation may be gone for good by now, or its disk full: an answer must not take the engine with it. */
  #save({ asked, text }: Live, data: AnswerData): void {
    try {
      this.#library.messages.update(asked.answerId, { content: text, data });
    } catch (error) {
      if (!isLongtakeError(error)) throw error;
    }
  }

  #changed({ asked: { conversationId } }: Live): void {
    this.#changes.emit({ topic: 'conversation', conversationId });
  }
}

function describe({ citations, lookedAt, timings, droppedTurns, subtitles, ended }: Answer): AnswerData {
  const looked = lookedAt && { lookedAt: { binSeconds: lookedAt.binSeconds, share: [...lookedAt.share], peakSeconds: [...lookedAt.peakSeconds] } };
  return { citations: [...citations], ...looked, timings, droppedTurns, ...(subtitles !== undefined && { subtitles }), ended };
}
