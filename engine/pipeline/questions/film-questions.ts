import { chooseMoments, type FilmFacts, type Moment } from './moments.ts';
import { videoTasks, type VideoTask, type VideoTopic } from './video-tasks.ts';
import { wordings, type QuestionLanguage, type Wordings } from './wordings.ts';

export type VideoQuestion = { readonly text: string; readonly task: VideoTask; readonly topic: VideoTopic };

/** In which order a handful is read: what a person who has not seen the film asks first. */
const topics = ['Event', 'Temporality', 'Scene', 'Object', 'Action', 'Spatiality'] as const satisfies readonly VideoTopic[];

/**
 * Questions about any film, in the order in which they are offered: one of each topic, then another of each, over VideoMarathon's 22 tasks. They depend on
 * nothing but the facts, so that a list that was asked for again is the same, and name no time that is not in memory yet.
 */
export function filmQuestions(facts: FilmFacts, language: QuestionLanguage): VideoQuestion[] {
  const words = wordings[language];
  const moments = chooseMoments(facts);
  const queues = topics.map((topic) => {
    const tasks: readonly VideoTask[] = videoTasks[topic];
    const mostWordings = Math.max(...tasks.map((task) => words.tasks[task].length));
    const found = Array.from({ length: mostWordings }, (_, round) => tasks.flatMap((task) => {
      const text = fill(words.tasks[task][round], words, moments, facts.isWhole);
      return text === undefined ? [] : [{ text, task, topic }];
    })).flat();
    // Where a summary stands above the questions, the first of them does not ask for it.
    const isAnswered = ({ task }: VideoQuestion): boolean => facts.hasSummary && task === 'Overall Summarization';
    return [...found.filter((question) => !isAnswered(question)), ...found.filter(isAnswered)];
  });
  return roundRobin(queues).filter(({ text }, index, all) => all.findIndex((other) => other.text === text) === index);
}

/** The question with its moments; undefined where there is no such wording, or no such moment. */
function fill(wording: string | undefined, { at, moment, end }: Wordings, moments: ReturnType<typeof chooseMoments>, isWhole: boolean): string | undefined {
  if (wording === undefined || (wording.includes('{end}') && !isWhole)) return undefined;
  const one = wording.includes('{at}') ? moments.next() : undefined;
  const pair = wording.includes('{from}') ? moments.nextPair() : undefined;
  if ((wording.includes('{at}') && one === undefined) || (wording.includes('{from}') && pair === undefined)) return undefined;
  const said: Readonly<Record<string, string>> = {
    end, at: one === undefined ? '' : sayAt(at, one), ...(pair && { from: sayMoment(moment, pair[0]), to: sayMoment(moment, pair[1]) }),
  };
  // All in one pass: a title may hold braces itself.
  return wording.replaceAll(/\{(end|at|from|to)\}/gu, (_, name: string) => said[name] ?? '').trim();
}

function sayAt(at: Wordings['at'], { kind, time, words }: Moment): string {
  return kind === 'time' ? at.time(time) : at[kind](words, time);
}

function sayMoment(moment: Wordings['moment'], { kind, time, words }: Moment): string {
  return kind === 'chapter' ? moment.chapter(words, time) : moment.time(time);
}

function roundRobin<Item>(queues: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) => queues.flatMap((queue) => queue[round] ?? [])).flat();
}
