import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { conditionNames, conditionOf, type Condition } from '../../evaluation/conditions.ts';
import { evaluate } from '../../evaluation/evaluate.ts';
import { describeMean, drawHeatMap } from '../../evaluation/heat-map.ts';
import { searchNeedles } from '../../evaluation/needle.ts';
import { readQuestionSets } from '../../evaluation/question-set.ts';
import { compareConditions, formatTables, tabulate } from '../../evaluation/report.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import { addAnswerOptions, answerSettings, parseCount, parsePositiveNumber, type AnswerFlags } from '../options.ts';
import { defineCommand, runCommand, type CommandContext } from '../run.ts';

type EvalFlags = AnswerFlags & {
  readonly json?: boolean;
  readonly only?: string[];
  readonly show?: boolean;
  readonly limit?: number;
  readonly repository?: number;
  readonly textOnly?: boolean;
  readonly compare?: string[];
  readonly needle?: string;
  readonly needleFrames: string;
  readonly needleDepths: string;
  readonly needles: number;
};

export function addEvalCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'eval <folder>',
    'answer a set of questions (NAME.mp4 with NAME.json) through the whole product and print the accuracy',
    'eval test-sets/hour --compare memaug no-memaug uniform-64 text-only'))
    .option('--only <kind...>', 'only questions of these kinds or tasks')
    .option('--limit <number>', 'at most so many questions a video, evenly chosen', parseCount)
    .option('--repository <share>', 'leave MemAug this share of the memory\'s frames, 0.5 or 0.1, for comparison', parsePositiveNumber)
    .option('--text-only', 'ask without the video, to see what the questions give away')
    .option('--compare <condition...>', `ask everything under each of these: ${conditionNames.join(', ')}`)
    .option('--needle <picture.svg>', 'search events of the other videos in the longest one instead, and draw a heat map')
    .option('--needle-frames <numbers>', 'lengths of the haystack', '200,1000,1800,2600,3400')
    .option('--needle-depths <numbers>', 'where the needle lies, 0 to 1', '0,0.2,0.4,0.6,0.8,1')
    .option('--needles <number>', 'how many needles', parseCount, 5)
    .option('--show', 'print every question with its reply')
    .action((directory: string, flags: EvalFlags) =>
      runCommand(flags.json === true, (context) => (flags.needle === undefined ? runQuestions(directory, flags, context) : runNeedles(directory, flags.needle, flags, context))));
}

async function runQuestions(directory: string, flags: EvalFlags, { output, signal }: CommandContext): Promise<number> {
  const settings = answerSettings(flags);
  const given: Condition = { name: 'as given', settings, repositoryShare: flags.repository, textOnly: flags.textOnly };
  const conditions = flags.compare?.map((name) => conditionOf(name, settings)) ?? [given];
  const results = await evaluate(readQuestionSets(directory), {
    conditions, only: flags.only, limit: flags.limit, onProgress: output.progress, signal,
    onJudged: ({ correct, question, reply, set, condition }) => {
      if (flags.show !== true) return;
      output.note(`${correct ? '  ok' : 'MISS'}  ${set}${flags.compare ? ` ${condition}` : ''} [${question.kind ?? question.task}] `
        + `${question.question.replaceAll('\n', ' / ')} -> ${reply} (${question.unanswerable === true ? 'nothing' : question.answer})`);
    },
  });
  const tables = flags.compare ? compareConditions(results) : tabulate(results);
  output.result({ conditions, tables, results }, formatTables(tables));
  return 0;
}

async function runNeedles(directory: string, picture: string, flags: EvalFlags, { output, signal }: CommandContext): Promise<number> {
  const settings = answerSettings(flags);
  const { cells, haystack, needles } = await searchNeedles(readQuestionSets(directory), {
    settings, frames: parseList(flags.needleFrames, '--needle-frames', 100_000), depths: parseList(flags.needleDepths, '--needle-depths', 1),
    needles: flags.needles, onProgress: output.progress, signal,
    onCell: ({ frames, depth, correct, total }) => { output.note(`${String(frames)} frames, depth ${depth.toFixed(2)}: ${String(correct)} of ${String(total)}`); },
  });
  writeFileSync(picture, drawHeatMap(cells, `Needles in ${haystack}, ${settings.repository === 'decayed' ? 'without' : 'with'} MemAug`));
  output.result({ settings, haystack, cells, needles: needles.map(({ set, question }) => ({ set: set.name, question: question.question })) }, `${describeMean(cells)}; ${picture}`);
  return 0;
}

function parseList(text: string, option: string, most: number): number[] {
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isFinite(number) && number >= 0 && number <= most)) return numbers;
  throw new LongtakeError('bad-argument', `${option} is ${text}: it must be numbers from 0 to ${String(most)} with commas between them.`, { option });
}
