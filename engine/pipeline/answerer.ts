import path from 'node:path';
import { isLongtakeError } from '../protocol/errors.ts';
import { retainedRows } from '../protocol/features.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { fitPrompt, type FittedPrompt, type SpokenVideo } from '../chat/budget.ts';
import type { Turn } from '../chat/prompt.ts';
import { readTokenizer, type Tokenizer } from '../chat/tokenizer.ts';
import type { Memory } from '../memory/index.ts';
import { packageFiles } from '../models/graph-names.ts';
import { createSampler, type SamplingOptions } from '../runtime/sampling.ts';
import type { CrossMemory } from '../runtime/augmenter.ts';
import { isDeviceFailure } from '../runtime/device-failure.ts';
import type { Generation, VideoModel } from '../runtime/video-model.ts';
import { locate, speak, type Answer } from './answer.ts';
import type { Engine } from './engine.ts';
import { readSampling } from './generation-config.ts';
import { promptVideo } from './prompt-video.ts';
import { chooseRepository, forgettingSeed, framesInRange, type Repository, type TimeRange } from './repository.ts';
import type { AnswerSettings } from './settings.ts';

export type AskOptions = WorkOptions & {
  /** Gets the answer piece by piece as it is generated. */
  readonly onText?: ((text: string) => void) | undefined;
};

/** What may be otherwise for one answer than the settings say. */
export type AnswerOverrides = Partial<Pick<AnswerSettings, 'sample' | 'seed' | 'maxNewTokens'>> & {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** The answer ends before any of these. */
  readonly stop?: readonly string[] | undefined;
};

export type MemoryInfo = {
  readonly frames: number;
  /** What MemAug can look at, or what a model without it reads, newlines included. */
  readonly tokens: number;
  /** How much of the video they show: stretches that could not be read are left out. */
  readonly coverageSeconds: number;
};

/**
 * Answers questions from one memory, or from a range of it, with one model. It knows no conversation: the turns are
 * given every time. The engine stays the caller's; dispose it before the engine.
 */
export class Answerer implements Disposable {
  readonly #engine: Engine;
  readonly #settings: AnswerSettings;
  readonly #memory: Memory;
  readonly #range: TimeRange | undefined;
  readonly #tokenizer: Tokenizer;
  readonly #repository: Repository;
  #provider = 'not loaded';
  /** Keys and values of the repository: once per memory and model, shared by all questions. */
  #crossMemory: CrossMemory | undefined;

  /** Throws `no-frames` where the range holds no frame. */
  constructor(engine: Engine, settings: AnswerSettings, memory: Memory, range?: TimeRange) {
    this.#engine = engine;
    this.#settings = settings;
    this.#memory = memory;
    this.#range = range;
    this.#tokenizer = readTokenizer(path.join(engine.model.directory, packageFiles.tokenizer));
    this.#repository = chooseRepository(memory.frameCount, engine.model.spec, settings, forgettingSeed(memory.manifest.video.fingerprint),
      range && framesInRange(memory.ptsSeconds, range));
  }

  get provider(): string {
    return this.#provider;
  }

  get memoryInfo(): MemoryInfo {
    const { memory } = this.#repository;
    return { frames: this.#memory.frameCount, tokens: retainedRows(memory), coverageSeconds: coverageOf(this.#memory) };
  }

  /** PTS of the frames that the decoder reads after forgetting. */
  get retainedSeconds(): readonly number[] {
    return Array.from(this.#repository.retained.frames, (frame) => this.#memory.ptsSeconds[frame] ?? 0);
  }

  /**
   * Answers the last of `turns`, which alternate and end with a question.
   * Throws `question-empty`, `question-too-long`; a stopped answer is an answer that ends where it was stopped.
   */
  async answer(turns: readonly Turn[], options: AskOptions = {}, overrides: AnswerOverrides = {}): Promise<Answer> {
    const { spec } = this.#engine.model;
    const { durationSeconds, frameCount, ptsSeconds } = this.#memory;
    const video = promptVideo(spec, { durationSeconds, frameCount, secondsOf: (frame) => ptsSeconds[frame] ?? 0 }, this.#repository.retained);
    const prompt = fitPrompt(turns, video, {
      maxSequenceTokens: spec.text.maximumLength, videoTokens: retainedRows(this.#repository.retained), answerTokens: overrides.maxNewTokens ?? this.#settings.maxNewTokens,
      template: spec.text.template,
    }, this.#tokenizer, this.#spoken());
    await this.#engine.unload('encode');
    const runtime = await this.#engine.load('answer');
    const [before, hadMemory] = [runtime.provider, this.#crossMemory !== undefined];
    let said = false;
    const answerOnce = () => this.#answerOnce(runtime, turns, prompt, { ...options, onText: (text) => { said = true; options.onText?.(text); } }, overrides);
    try {
      return await answerOnce();
    } catch (error) {
      if (!isDeviceFailure(error)) throw error;
      // What was computed on the device is gone. Where the runtime goes on on another one, the answer is begun anew there,
      // which nobody notices before its first word.
      this[Symbol.dispose]();
      if (said || (runtime.provider === before && !hadMemory)) throw error;
      return await answerOnce();
    } finally {
      this.#provider = runtime.provider;
    }
  }

  async #answerOnce(
    runtime: VideoModel, turns: readonly Turn[], { inputIds, droppedTurns, subtitles, textTokens, questionTokens }: FittedPrompt, options: AskOptions, overrides: AnswerOverrides,
  ): Promise<Answer> {
    const { spec } = this.#engine.model;
    this.#provider = runtime.provider;
    const beforeMemoryMs = performance.now();
    const isFirst = this.#crossMemory === undefined;
    this.#crossMemory ??= await runtime.buildCrossMemory(this.#memory, this.#repository.memory, options);
    const startedMs = performance.now();
    using cleanup = new DisposableStack();
    const generation = await runtime.prefill({
      inputIds, questionTokens, features: this.#memory, cross: this.#crossMemory, retained: this.#repository.retained, textMask: this.#settings.textMask,
    }, options);
    cleanup.defer(() => { generation.dispose(); });
    const spoken = await speak(generation, this.#tokenizer, {
      sampler: createSampler(this.#sampling(overrides)), stopIds: spec.text.endIds, stop: overrides.stop ?? [],
      maxNewTokens: overrides.maxNewTokens ?? this.#settings.maxNewTokens, signal: options.signal,
    }, options.onText ?? (() => undefined));
    const frameShare = spec.memaugDepth === 0 ? undefined : spoken.ended === 'stopped' ? [] : await this.#lookedAt(generation, options.signal);
    return {
      question: turns.at(-1)?.content ?? '', answer: spoken.answer, ended: spoken.ended, droppedTurns, ...(subtitles !== undefined && { subtitles }),
      tokens: { prompt: textTokens, video: retainedRows(this.#repository.retained), answer: spoken.tokenCount },
      ...locate(spoken.answer, this.#memory, frameShare, { range: this.#range, timeStepSeconds: spec.timeStepSeconds }),
      timings: {
        encodeMs: 0,
        memoryMs: isFirst ? Math.round(startedMs - beforeMemoryMs) : 0,
        firstTokenMs: Math.round(spoken.firstTokenAtMs - startedMs),
        tokensPerSecond: spoken.tokenCount < 2 ? 0 : Math.round(((spoken.tokenCount - 1) * 1000) / (spoken.lastTokenAtMs - spoken.firstTokenAtMs)),
      },
    };
  }

  /** Nothing is a reason to lose an answer that was given: not a stop, nor a device that fails after it. */
  async #lookedAt(generation: Generation, signal: AbortSignal | undefined): Promise<ArrayLike<number>> {
    try {
      return await generation.lookedAt(signal);
    } catch (error) {
      if (isDeviceFailure(error)) this[Symbol.dispose](); // its keys and values are lost with it
      else if (!isLongtakeError(error, 'cancelled')) throw error;
      return [];
    }
  }

  /** The first track that says anything, and the frames that this answerer shows. A demonstration has no words for it. */
  #spoken(): SpokenVideo | undefined {
    if (!this.#settings.subtitles || this.#engine.model.spec.label !== undefined) return undefined;
    const cues = this.#memory.subtitles.find((track) => track.cues.length > 0)?.cues ?? [];
    return { cues, framePtsSeconds: Array.from(this.#repository.memory.frames, (frame) => this.#memory.ptsSeconds[frame] ?? 0) };
  }

  #sampling({ sample = this.#settings.sample, seed = this.#settings.seed, temperature, topP }: AnswerOverrides): SamplingOptions {
    const fromCheckpoint = readSampling(path.join(this.#engine.model.directory, packageFiles.generationConfig));
    return {
      ...fromCheckpoint, doSample: sample ?? fromCheckpoint.doSample, seed,
      ...(temperature !== undefined && { temperature }), ...(topP !== undefined && { topP }),
    };
  }

  [Symbol.dispose](): void {
    this.#crossMemory?.dispose();
    this.#crossMemory = undefined;
  }
}

/** Seconds of the video that are in memory: as far as it is encoded, without what the file could not give. */
function coverageOf(memory: Memory): number {
  const missing = memory.manifest.gaps.filter(({ reason }) => reason !== 'damaged').map(({ startSeconds, endSeconds }) => endSeconds - startSeconds);
  return Math.max(0, memory.durationSeconds - missing.reduce((sum, seconds) => sum + seconds, 0));
}
