import type { Judged } from './evaluate.ts';
import type { Question } from './question-set.ts';
import { describeGroup, groupBy, type Group } from './table.ts';

/** One table: a title and a row a group. */
export type Table = { readonly title: string; readonly rows: readonly Group[] };

const isCorrect = (judged: Judged): boolean => judged.correct;

/**
 * The tables that `longtake eval` prints for one condition: by task, topic, form, kind, wording, duration, depth, what
 * forgetting retained; then declining, and times by how far off they are.
 */
export function tabulate(results: readonly Judged[]): Table[] {
  const by = (title: string, keyOf: (judged: Judged) => string, some = results): Table =>
    ({ title, rows: groupBy([...some], keyOf, isCorrect).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })) });
  const located = results.filter((judged) => judged.question.evidence.length > 0);
  const topics = results.filter((judged) => judged.question.topic !== 'Manner');
  const tables = [
    { title: 'all', rows: groupBy([...results], () => 'all', isCorrect) },
    by('topic', (judged) => judged.question.topic),
    by('task and form', (judged) => `${judged.question.topic}: ${judged.question.task}, ${judged.question.form}`, topics),
    by('form', (judged) => judged.question.form),
    by('kind', (judged) => judged.question.kind ?? 'unnamed'),
    by('wording', (judged) => (judged.wording === 'train' ? 'trained on' : 'held out')),
    by('duration', (judged) => `${Math.round(judged.seconds / 60)} min`),
    by('depth', (judged) => `${Math.min(4, Math.floor(judged.depth * 5)) * 20}–${(Math.min(4, Math.floor(judged.depth * 5)) + 1) * 20} %`, located),
    by('evidence in a retained frame', (judged) => (judged.evidenceRetained ? 'shown' : 'not shown'), located),
    { title: 'declining', rows: declining(results) },
    { title: 'time, by how far off', rows: timeErrors(results) },
    { title: 'looked at', rows: lookedAt(results) },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function declining(results: readonly Judged[]): Group[] {
  const count = (name: string, some: readonly Judged[]): Group[] =>
    some.length === 0 ? [] : [{ name, correct: some.filter(({ declined }) => declined).length, total: some.length }];
  const unanswerable = results.filter(({ question }) => question.unanswerable === true);
  if (unanswerable.length === 0) return [];
  return [
    ...count('unanswerable, declined', unanswerable),
    ...count('answerable, declined', results.filter(({ question }) => question.unanswerable !== true && question.topic !== 'Manner')),
  ];
}

function timeErrors(results: readonly Judged[]): Group[] {
  const timed = results.filter(({ timeErrorSeconds }) => timeErrorSeconds !== undefined);
  return timed.length === 0 ? [] : [10, 30, 60].map((within) =>
    ({ name: `within ${String(within)} s`, correct: timed.filter(({ timeErrorSeconds = Infinity }) => timeErrorSeconds <= within).length, total: timed.length }));
}

/** Evidence that lasts longer than this is a scene, which a moment in it says little about. */
const briefSeconds = 20;
/** A moment so close to the evidence shows it or what it came from. */
const besideSeconds = 2;

/** Whether the moments that are shown as looked at are those that the question is about, of questions about brief events. */
function lookedAt(results: readonly Judged[]): Group[] {
  const brief = results.flatMap(({ question: { evidence }, moments }) =>
    moments !== undefined && evidence.length > 0 && evidence.every(({ startSeconds, endSeconds }) => endSeconds - startSeconds <= briefSeconds) ? [{ evidence, moments }] : []);
  if (brief.length === 0) return [];
  const shows = (seconds: number, { startSeconds, endSeconds }: Question['evidence'][number]): boolean => seconds >= startSeconds - besideSeconds && seconds <= endSeconds + besideSeconds;
  const found = brief.flatMap(({ evidence, moments }) => evidence.map((part) => moments.some((moment) => shows(moment, part))));
  const right = brief.flatMap(({ evidence, moments }) => moments.map((moment) => evidence.some((part) => shows(moment, part))));
  const count = (name: string, cases: readonly boolean[]): Group => ({ name, correct: cases.filter(Boolean).length, total: cases.length });
  return [count('evidence that is shown', found), count('moments that show evidence', right)];
}

/** One row a condition, as the papers' tables 3 to 5 and 9: what is taken away, and what is left of the accuracy. */
export function compareConditions(results: readonly Judged[]): Table[] {
  const per = (title: string, some: readonly Judged[]): Table => ({ title, rows: groupBy([...some], ({ condition }) => condition, isCorrect) });
  const located = results.filter(({ question }) => question.evidence.length > 0);
  return [
    per('condition', results),
    per('condition, multiple choice', results.filter(({ question }) => question.form === 'multiple-choice')),
    per('condition, evidence in a retained frame', located.filter(({ evidenceRetained }) => evidenceRetained)),
    per('condition, evidence in no retained frame', located.filter(({ evidenceRetained }) => !evidenceRetained)),
    ...[...new Set(results.map(({ question }) => question.topic))].sort().map((topic) =>
      per(`condition, ${topic}`, results.filter(({ question }) => question.topic === topic))),
  ].filter(({ rows }) => rows.length > 0);
}

export function formatTables(tables: readonly Table[]): string {
  const width = Math.max(...tables.flatMap(({ rows }) => rows.map(({ name }) => name.length)), 10);
  return tables.map(({ title, rows }) =>
    [`by ${title}`, ...rows.map((row) => `  ${row.name.padEnd(width)}  ${describeGroup(row)}`)].join('\n')).join('\n\n');
}
