import type { Turn } from '../chat/prompt.ts';
import type { Memory } from '../memory/index.ts';
import { Answerer } from '../pipeline/answerer.ts';
import { openEngine, type Engine } from '../pipeline/engine.ts';
import { ingestVideo } from '../pipeline/ingest.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import { momentsShown, topMoments } from '../protocol/moments.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { repositoryOf, sourceOf, type Condition } from './conditions.ts';
import type { Question, QuestionSet } from './question-set.ts';
import { Responder, type Reply } from './responder.ts';
import { scoreReply, type Score } from './score.ts';

export type Judged = Score & {
  /** Name of the condition under which it was asked. */
  readonly condition: string;
  readonly set: string;
  readonly seconds: number;
  readonly wording: 'train' | 'held_out';
  readonly question: Question;
  readonly reply: string;
  /** Whether one of the frames that forgetting retained lies inside the evidence; MemAug's work is where none does. */
  readonly evidenceRetained: boolean;
  /** Where in the video the evidence starts, 0 to 1. */
  readonly depth: number;
  readonly firstTokenMs: number;
  /** What the app shows as looked at, where it is measured: seconds of the video. */
  readonly moments: readonly number[] | undefined;
};

export type EvaluateOptions = {
  /** Asked one after the other about each video; all share a model. */
  readonly conditions: readonly Condition[];
  /** Only questions of these kinds or tasks. */
  readonly only?: readonly string[] | undefined;
  /** At most so many of each set, evenly spaced, so that every kind stays there. */
  readonly limit?: number | undefined;
  readonly onJudged?: (judged: Judged) => void;
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
};

type Respond = AsyncDisposable & {
  readonly retainedSeconds: readonly number[];
  readonly answer: (turns: readonly Turn[]) => Promise<Reply & { readonly moments?: readonly number[] | undefined }>;
};

/**
 * Answers question sets through the product's own path: ffmpeg, memory, forgetting, MemAug, decoder. Every question
 * is a conversation of its own, so that no answer helps another; turns that belong before it are given, not asked.
 */
export async function evaluate(sets: readonly QuestionSet[], options: EvaluateOptions): Promise<Judged[]> {
  const [first] = options.conditions;
  if (first === undefined) return [];
  await using engine = await openEngine(first.settings, options);
  const results: Judged[] = [];
  for (const set of sets) {
    const { memory } = await ingestVideo(engine, set.videoFile, { ...options, decoding: first.settings.decoding });
    const questions = pickQuestions(set.questions, options);
    for (const condition of options.conditions) {
      await using respond = openRespond(engine, memory, condition, options);
      for (const question of questions) {
        throwIfCancelled(options.signal);
        const judged = await judge(respond, set, question, condition.name);
        results.push(judged);
        options.onJudged?.(judged);
      }
    }
  }
  return results;
}

/** What a product's user can choose is answered by the product's own answerer, the rest by the responder. */
function openRespond(engine: Engine, memory: Memory, condition: Condition, options: EvaluateOptions): Respond {
  const { settings, repositoryShare = 1, textOnly = false } = condition;
  const { spec } = engine.model;
  if (repositoryShare === 1 && !textOnly) {
    const answerer = new Answerer(engine, settings, memory);
    return {
      retainedSeconds: answerer.retainedSeconds,
      answer: async (turns) => {
        const { answer, timings, lookedAt } = await answerer.answer(turns, options);
        return { text: answer, firstTokenMs: timings.firstTokenMs, moments: lookedAt && topMoments(lookedAt, momentsShown).map(({ seconds }) => seconds) };
      },
      [Symbol.asyncDispose]: () => { answerer[Symbol.dispose](); return Promise.resolve(); },
    };
  }
  const repository = repositoryOf(memory, spec, condition);
  const responder = new Responder(engine, settings, sourceOf(memory, spec, condition), repository, memory.manifest.durationSeconds ?? memory.frameCount);
  return {
    retainedSeconds: Array.from(repository.retained.frames, (frame) => memory.ptsSeconds[frame] ?? 0),
    answer: (turns) => responder.answer(turns, options),
    [Symbol.asyncDispose]: () => { responder[Symbol.dispose](); return Promise.resolve(); },
  };
}

export function pickQuestions(questions: readonly Question[], { only, limit }: Pick<EvaluateOptions, 'only' | 'limit'>): Question[] {
  const asked = questions.filter((question) => only === undefined || only.includes(question.task) || only.includes(question.kind ?? ''));
  if (limit === undefined || asked.length <= limit) return asked;
  return asked.filter((_, index) => Math.floor((index * limit) / asked.length) !== Math.floor(((index + 1) * limit) / asked.length));
}

export function turnsOf({ earlier = [], question }: Question): Turn[] {
  const before = earlier.flatMap((turn): Turn[] => [{ role: 'user', content: turn.question }, { role: 'assistant', content: turn.reply }]);
  return [...before, { role: 'user', content: question }];
}

async function judge(respond: Respond, set: QuestionSet, question: Question, condition: string): Promise<Judged> {
  const { text, firstTokenMs, moments } = await respond.answer(turnsOf(question));
  return {
    ...scoreReply(question, text), condition, set: set.name, seconds: set.seconds, wording: set.wording ?? 'train', question, reply: text,
    evidenceRetained: question.evidence.some(({ startSeconds, endSeconds }) =>
      respond.retainedSeconds.some((seconds) => seconds >= startSeconds && seconds < endSeconds)),
    depth: (question.evidence[0]?.startSeconds ?? 0) / set.seconds,
    firstTokenMs, moments,
  };
}
