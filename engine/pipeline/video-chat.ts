import { existsSync } from 'node:fs';
import type { WorkOptions } from '../protocol/progress.ts';
import type { Turn } from '../chat/prompt.ts';
import type { Memory } from '../memory/index.ts';
import type { Answer } from './answer.ts';
import { Answerer, type AskOptions, type MemoryInfo } from './answerer.ts';
import { ConversationRecorder } from './conversation-recorder.ts';
import { openEngine, type Engine } from './engine.ts';
import { ingestVideo, openKnownMemory } from './ingest.ts';
import { suggestQuestions } from './questions/suggest.ts';
import { idleSettings, type AnswerSettings, type IdleSetting } from './settings.ts';

export type ChatOptions = WorkOptions & {
  /** Whether the conversation is kept in the library. Default true. */
  readonly record?: boolean;
};

/**
 * Watches a video where that has not been done yet, and opens a conversation about it. A memory that came without its
 * video, or whose file is not there now, is found by its title or path in the library.
 */
export async function openVideoChat(file: string, settings: AnswerSettings, options: ChatOptions = {}): Promise<VideoChat> {
  const engine = await openEngine(settings, options);
  try {
    const { memory, videoId, encodeMs } = (existsSync(file) ? undefined : await openKnownMemory(engine, file))
      ?? await ingestVideo(engine, file, { decoding: settings.decoding, ...options });
    const recorder = options.record === false ? undefined : new ConversationRecorder(engine.library, videoId);
    return new VideoChat(engine, settings, memory, videoId, encodeMs, recorder);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** A conversation about one video with one model. Ask one question at a time; dispose it at the end. */
export class VideoChat {
  readonly answers: Answer[] = [];
  readonly #engine: Engine;
  readonly #settings: AnswerSettings;
  readonly #memory: Memory;
  readonly #videoId: string;
  readonly #answerer: Answerer;
  readonly #recorder: ConversationRecorder | undefined;
  #turns: Turn[] = [];
  #encodeMs: number;

  /** For {@link openVideoChat}. */
  constructor(engine: Engine, settings: AnswerSettings, memory: Memory, videoId: string, encodeMs: number, recorder: ConversationRecorder | undefined) {
    this.#engine = engine;
    this.#settings = settings;
    this.#memory = memory;
    this.#videoId = videoId;
    this.#encodeMs = encodeMs;
    this.#recorder = recorder;
    this.#answerer = new Answerer(engine, settings, memory);
  }

  get title(): string {
    return this.#memory.manifest.video.fileName;
  }

  get modelName(): string {
    return this.#engine.model.name;
  }

  /** What must be said beside a model that is only a demonstration. */
  get modelNotice(): string | undefined {
    return this.#engine.model.spec.label;
  }

  /** Settings that were changed and that this model does not know. */
  get idleSettings(): readonly IdleSetting[] {
    return idleSettings(this.#settings, this.#engine.model.spec);
  }

  get provider(): string {
    return this.#answerer.provider;
  }

  get memoryInfo(): MemoryInfo {
    return this.#answerer.memoryInfo;
  }

  /** PTS of the frames that the decoder reads after forgetting. */
  get retainedSeconds(): readonly number[] {
    return this.#answerer.retainedSeconds;
  }

  /** Questions to start from, the same that the app offers for this video and model, in English. */
  suggestQuestions(): Promise<readonly string[]> {
    const { library } = this.#engine;
    return suggestQuestions(library, library.videos.get(this.#videoId), { model: this.modelName, language: 'en' });
  }

  /** Forgets the turns so far, as a new conversation does. The memory stays loaded. */
  startOver(): void {
    this.#turns = [];
    this.answers.length = 0;
    this.#recorder?.startOver();
  }

  /**
   * Answers the next question of the conversation.
   * Throws `question-empty`, `question-too-long`; a stopped answer is an answer that ends where it was stopped.
   */
  async ask(question: string, options: AskOptions = {}): Promise<Answer> {
    const turns: Turn[] = [...this.#turns, { role: 'user', content: question }];
    const spoken = await this.#answerer.answer(turns, options);
    const answer: Answer = { ...spoken, timings: { ...spoken.timings, encodeMs: Math.round(this.#encodeMs) } };
    this.#encodeMs = 0;
    this.#turns = [...turns, { role: 'assistant', content: answer.answer }];
    this.answers.push(answer);
    this.#recorder?.record(answer, this.modelName);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#answerer[Symbol.dispose]();
    await this.#engine[Symbol.asyncDispose]();
  }
}
