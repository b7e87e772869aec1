import path from 'node:path';
import { fitPrompt } from '../chat/budget.ts';
import type { Turn } from '../chat/prompt.ts';
import { readTokenizer, type Tokenizer } from '../chat/tokenizer.ts';
import { packageFiles } from '../models/graph-names.ts';
import { speak } from '../pipeline/answer.ts';
import type { Engine } from '../pipeline/engine.ts';
import { promptVideo } from '../pipeline/prompt-video.ts';
import type { Repository } from '../pipeline/repository.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import { retainedRows } from '../protocol/features.ts';
import type { FeatureSource } from '../protocol/features.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import type { CrossMemory } from '../runtime/augmenter.ts';
import { createSampler, greedySampling } from '../runtime/sampling.ts';

export type Reply = { readonly text: string; readonly firstTokenMs: number };

/**
 * Answers greedily from a repository that a user cannot choose: part of a memory, a memory put together from two, no
 * video at all. A memory has a frame a second. Prompt, graphs and generation are those of every answer. Dispose it before the engine.
 */
export class Responder implements Disposable {
  readonly #engine: Engine;
  readonly #settings: AnswerSettings;
  readonly #source: FeatureSource;
  readonly #repository: Repository;
  readonly #durationSeconds: number;
  readonly #tokenizer: Tokenizer;
  #crossMemory: CrossMemory | undefined;

  constructor(engine: Engine, settings: AnswerSettings, source: FeatureSource, repository: Repository, durationSeconds: number) {
    this.#engine = engine;
    this.#settings = settings;
    this.#source = source;
    this.#repository = repository;
    this.#durationSeconds = durationSeconds;
    this.#tokenizer = readTokenizer(path.join(engine.model.directory, packageFiles.tokenizer));
  }

  /** Answers the last of `turns`. Throws `question-empty`, `question-too-long`, `cancelled`. */
  async answer(turns: readonly Turn[], options: WorkOptions = {}): Promise<Reply> {
    const { spec } = this.#engine.model;
    const { inputIds } = fitPrompt(turns, promptVideo(spec, { durationSeconds: this.#durationSeconds, frameCount: this.#source.frameCount, secondsOf: (frame) => frame }, this.#repository.retained), {
      maxSequenceTokens: spec.text.maximumLength, videoTokens: retainedRows(this.#repository.retained), answerTokens: this.#settings.maxNewTokens, template: spec.text.template,
    }, this.#tokenizer);
    const runtime = await this.#engine.load('answer');
    this.#crossMemory ??= await runtime.buildCrossMemory(this.#source, this.#repository.memory, options);
    const startedMs = performance.now();
    const generation = await runtime.prefill({
      inputIds, features: this.#source, cross: this.#crossMemory, retained: this.#repository.retained, textMask: this.#settings.textMask,
    }, { signal: options.signal, onProgress: options.onProgress, measureLookedAt: false });
    try {
      const spoken = await speak(generation, this.#tokenizer, {
        sampler: createSampler(greedySampling), stopIds: spec.text.endIds, maxNewTokens: this.#settings.maxNewTokens, signal: options.signal,
      }, () => undefined);
      return { text: spoken.answer, firstTokenMs: Math.round(spoken.firstTokenAtMs - startedMs) };
    } finally {
      generation.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.#crossMemory?.dispose();
    this.#crossMemory = undefined;
  }
}
