import { throwIfCancelled } from '../protocol/errors.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { openVideoChat } from '../pipeline/video-chat.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import type { Question, QuestionSet } from './question-set.ts';
import { scoreReply, type Score } from './score.ts';
import { describeGroup, groupBy, type Group } from './table.ts';

export type Judged = Score & {
  readonly set: string;
  readonly seconds: number;
  readonly question: Question;
  readonly reply: string;
  /** Whether one of the frames that forgetting retained lies inside the evidence; MemAug's work is where none does. */
  readonly evidenceRetained: boolean;
  /** Where in the video the evidence starts, 0 to 1. */
  readonly depth: number;
  readonly firstTokenMs: number;
};

export type EvaluateOptions = {
  readonly settings: AnswerSettings;
  /** Only questions of these kinds or tasks. */
  readonly only?: readonly string[] | undefined;
  readonly onJudged?: (judged: Judged) => void;
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
};

/**
 * Answers question sets through the product's own path: ffmpeg, memory, forgetting, MemAug, decoder. Every question
 * is a conversation of its own, so that no answer helps another.
 */
export async function evaluate(sets: readonly QuestionSet[], options: EvaluateOptions): Promise<Judged[]> {
  const results: Judged[] = [];
  for (const set of sets) {
    await using chat = await openVideoChat(set.videoFile, options.settings, { ...options, record: false });
    for (const question of set.questions) {
      if (options.only !== undefined && !options.only.includes(question.task) && !options.only.includes(question.kind ?? '')) continue;
      throwIfCancelled(options.signal);
      chat.startOver();
      const { answer, timings } = await chat.ask(question.question, options);
      const judged: Judged = {
        ...scoreReply(question, answer), set: set.name, seconds: set.seconds, question, reply: answer,
        evidenceRetained: question.evidence.some(({ startSeconds, endSeconds }) =>
          chat.retainedSeconds.some((seconds) => seconds >= startSeconds && seconds < endSeconds)),
        depth: (question.evidence[0]?.startSeconds ?? 0) / set.seconds,
        firstTokenMs: timings.firstTokenMs,
      };
      results.push(judged);
      options.onJudged?.(judged);
    }
  }
  return results;
}

/** One table: a title and a row a group. */
export type Table = { readonly title: string; readonly rows: readonly Group[] };

const isCorrect = (judged: Judged): boolean => judged.correct;

/** The tables that `longtake eval` prints: by task, topic, form, kind, duration, depth, and what forgetting retained. */
export function tabulate(results: readonly Judged[]): Table[] {
  const by = (title: string, keyOf: (judged: Judged) => string, some = results): Table =>
    ({ title, rows: groupBy([...some], keyOf, isCorrect).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })) });
  const located = results.filter((judged) => judged.question.evidence.length > 0);
  return [
    { title: 'all', rows: groupBy([...results], () => 'all', isCorrect) },
    by('topic', (judged) => judged.question.topic),
    by('task', (judged) => judged.question.task),
    by('form', (judged) => judged.question.form),
    by('kind', (judged) => judged.question.kind ?? 'unnamed'),
    by('duration', (judged) => `${Math.round(judged.seconds / 60)} min`),
    by('depth', (judged) => `${Math.min(4, Math.floor(judged.depth * 5)) * 20}–${(Math.min(4, Math.floor(judged.depth * 5)) + 1) * 20} %`, located),
    by('evidence in a retained frame', (judged) => (judged.evidenceRetained ? 'shown' : 'not shown'), located),
  ];
}

export function formatTables(tables: readonly Table[]): string {
  const width = Math.max(...tables.flatMap(({ rows }) => rows.map(({ name }) => name.length)), 10);
  return tables.map(({ title, rows }) =>
    [`by ${title}`, ...rows.map((row) => `  ${row.name.padEnd(width)}  ${describeGroup(row)}`)].join('\n')).join('\n\n');
}
