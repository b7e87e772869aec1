import { parseTime } from '../chat/citations.ts';
import type { Question } from './question-set.ts';

/** A time counts as right within this; the error itself is kept beside it. */
export const timeToleranceSeconds = 30;

export type Score = {
  readonly correct: boolean;
  /** The reply says that the video does not show it. */
  readonly declined: boolean;
  /** For questions whose answer is a time: how far off the reply is, Infinity where it names none. */
  readonly timeErrorSeconds?: number;
};

type Key = { readonly answer: string; readonly values?: readonly string[] | undefined };

const clockTime = /(?<![\d:.])(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?![\d:])/gu;
const declining = ["don't see that", "don't see a", "don't see an", "don't see any"];

/**
 * Scores a reply by the key it must name, not by its wording: a letter for multiple choice, a time within
 * {@link timeToleranceSeconds}, otherwise the answer as whole words and no other value of its kind. A reply with
 * several parts must get each right; a question that the video has no answer to must be declined.
 */
export function scoreReply(question: Question, reply: string): Score {
  const declined = declining.some((words) => names(reply, words));
  if (question.unanswerable === true) return { correct: declined, declined };
  if (question.form === 'multiple-choice') return { correct: chosenLetter(reply, question) === question.answer.toUpperCase(), declined };
  if (question.facts !== undefined && question.facts.length > 0) {
    return { correct: question.facts.every((fact) => scoreKey(fact, reply).correct), declined };
  }
  return { ...scoreKey(question, reply), declined };
}

function scoreKey({ answer, values = [] }: Key, reply: string): Omit<Score, 'declined'> {
  if (isTime(answer)) {
    const times = [...reply.matchAll(clockTime)].map(([text]) => parseTime(text));
    const timeErrorSeconds = times.length === 0 ? Infinity : Math.abs((times[0] ?? 0) - parseTime(answer));
    return { correct: timeErrorSeconds <= timeToleranceSeconds, timeErrorSeconds };
  }
  const others = values.filter((value) => normalise(value) !== normalise(answer));
  return { correct: names(reply, answer) && !others.some((value) => names(reply, value)) };
}

function isTime(text: string): boolean {
  return /^(?:\d{1,2}:)?\d{1,3}:\d{2}$/u.test(text);
}

/** "B", "B. red", "(B) red", "The answer is B." and "red, so B." choose B; without a letter, the one option that is named. */
function chosenLetter(reply: string, question: Question): string | undefined {
  const leading = /^\s*\(?([A-Z])\b(?![’'])/u.exec(reply) ?? /\b(?:answer is|option is|so)\s*\(?([A-Z])\b/u.exec(reply);
  if (leading?.[1] !== undefined) return leading[1].toUpperCase();
  const named = (question.options ?? []).flatMap((option, index) =>
    names(reply, option.replace(/^\(?[A-Z][.)]\s*/u, '')) ? [String.fromCharCode(65 + index)] : []);
  return named.length === 1 ? named[0] : undefined;
}

function normalise(text: string): string {
  // A colon belongs to a time, otherwise it is punctuation.
  return text.toLowerCase().replace(/(?<=\d):(?=\d)/gu, '\u0000').replace(/[^\p{L}\p{N}\u0000]+/gu, ' ').trim();
}

function names(reply: string, value: string): boolean {
  return ` ${normalise(reply)} `.includes(` ${normalise(value)} `);
}
