import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkOptions } from '../protocol/progress.ts';
import { fitPrompt } from '../chat/budget.ts';
import type { Turn } from '../chat/prompt.ts';
import { readTokenizer, type Tokenizer } from '../chat/tokenizer.ts';
import type { Memory } from '../memory/index.ts';
import { packageFiles } from '../models/graphNames.ts';
import { createSampler, type SamplingOptions } from '../runtime/sampling.ts';
import type { CrossMemory } from '../runtime/crossMemory.ts';
import { locate, speak, type Answer } from './answer.ts';
import { ConversationRecorder } from './conversation-recorder.ts';
import { openEngine, type Engine } from './engine.ts';
import { readSampling } from './generation-config.ts';
import { ingestVideo, openKnownMemory } from './ingest.ts';
import { chooseRepository, forgettingSeed, type Repository } from './repository.ts';
import type { AnswerSettings } from './settings.ts';

export type ChatOptions = WorkOptions & {
  /** Whether the conversation is kept in the library. Default true. */
  readonly record?: boolean;
};

export type AskOptions = WorkOptions & {
  /** Gets the answer piece by piece as it is generated. */
  readonly onText?: (text: string) => void;
};

export type MemoryInfo = {
  readonly frames: number;
  /** What MemAug can look at, newlines included. */
  readonly tokens: number;
  readonly coverageSeconds: number;
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
    return new VideoChat(engine, settings, memory, path.resolve(file), encodeMs, recorder);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** A conversation about one video with one model. Ask one question at a time; dispose it at the end. */
export class VideoChat {
  readonly videoFile: string;
  readonly answers: Answer[] = [];
  readonly #engine: Engine;
  readonly #settings: AnswerSettings;
  readonly #memory: Memory;
  readonly #tokenizer: Tokenizer;
  readonly #repository: Repository;
  readonly #recorder: ConversationRecorder | undefined;
  #turns: Turn[] = [];
  #encodeMs: number;
  #provider = 'not loaded';
  /** Keys and values of the repository: once per memory and model, shared by all questions. */
  #crossMemory: CrossMemory | undefined;

  /** For {@link openVideoChat}. */
  constructor(engine: Engine, settings: AnswerSettings, memory: Memory, videoFile: string, encodeMs: number, recorder: ConversationRecorder | undefined) {
    this.#engine = engine;
    this.#settings = settings;
    this.#memory = memory;
    this.videoFile = videoFile;
    this.#encodeMs = encodeMs;
    this.#recorder = recorder;
    this.#tokenizer = readTokenizer(path.join(engine.model.directory, packageFiles.tokenizer));
    this.#repository = chooseRepository(memory.frameCount, engine.model.spec, settings, forgettingSeed(memory.manifest.video.fingerprint));
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

  get provider(): string {
    return this.#provider;
  }

  get memoryInfo(): MemoryInfo {
    const { memory } = this.#repository;
    return { frames: this.#memory.frameCount, tokens: memory.tokens.length, coverageSeconds: durationOf(this.#memory) };
  }

  /** PTS of the frames that the decoder reads after forgetting. */
  get retainedSeconds(): readonly number[] {
    return Array.from(this.#repository.retained.frames, (frame) => this.#memory.ptsSeconds[frame] ?? 0);
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
    const { spec } = this.#engine.model;
    const { frames, coverageSeconds } = this.memoryInfo;
    const turns: Turn[] = [...this.#turns, { role: 'user', content: question }];
    const { inputIds, droppedTurns } = fitPrompt(turns, { durationSeconds: coverageSeconds, frameCount: frames }, {
      maxSequenceTokens: spec.text.maximumLength, videoTokens: this.#repository.retained.tokens.length, answerTokens: this.#settings.maxNewTokens,
    }, this.#tokenizer);
    await this.#engine.unload('encode');
    const runtime = await this.#engine.load('answer');
    this.#provider = runtime.provider;
    const beforeMemoryMs = performance.now();
    const isFirst = this.#crossMemory === undefined;
    this.#crossMemory ??= await runtime.buildCrossMemory(this.#memory, this.#repository.memory, options);
    const startedMs = performance.now();
    using cleanup = new DisposableStack();
    const generation = await runtime.prefill({
      inputIds, features: this.#memory, cross: this.#crossMemory, retained: this.#repository.retained, textMask: this.#settings.textMask,
    }, options);
    cleanup.defer(() => { generation.dispose(); });
    const spoken = await speak(generation, this.#tokenizer, {
      sampler: createSampler(this.#sampling()), stopIds: spec.text.endIds, maxNewTokens: this.#settings.maxNewTokens, signal: options.signal,
    }, options.onText ?? (() => undefined));
    const answer: Answer = {
      question, answer: spoken.answer, ended: spoken.ended, droppedTurns,
      ...locate(spoken.answer, this.#memory, generation.lookedAt),
      timings: {
        encodeMs: Math.round(this.#encodeMs),
        memoryMs: isFirst ? Math.round(startedMs - beforeMemoryMs) : 0,
        firstTokenMs: Math.round(spoken.firstTokenAtMs - startedMs),
        tokensPerSecond: spoken.tokens < 2 ? 0 : Math.round(((spoken.tokens - 1) * 1000) / (spoken.lastTokenAtMs - spoken.firstTokenAtMs)),
      },
    };
    this.#encodeMs = 0;
    this.#turns = [...turns, { role: 'assistant', content: answer.answer }];
    this.answers.push(answer);
    this.#recorder?.record(answer, this.modelName);
    return answer;
  }

  #sampling(): SamplingOptions {
    const fromCheckpoint = readSampling(path.join(this.#engine.model.directory, packageFiles.generationConfig));
    return { ...fromCheckpoint, doSample: this.#settings.sample ?? fromCheckpoint.doSample, seed: this.#settings.seed };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#crossMemory?.dispose();
    await this.#engine[Symbol.asyncDispose]();
  }
}

/** The whole video where the memory is complete, otherwise what is encoded so far. */
function durationOf(memory: Memory): number {
  return memory.manifest.durationSeconds ?? (memory.ptsSeconds.at(-1) ?? -1) + 1;
}
