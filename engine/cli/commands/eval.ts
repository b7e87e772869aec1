import type { Command } from 'commander';
import { evaluate, formatTables, tabulate } from '../../evaluation/evaluate.ts';
import { readQuestionSets } from '../../evaluation/question-set.ts';
import { addAnswerOptions, answerSettings, type AnswerFlags } from '../options.ts';
import { defineCommand, runCommand } from '../run.ts';

type EvalFlags = AnswerFlags & { readonly json?: boolean; readonly only?: string[]; readonly show?: boolean };

export function addEvalCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'eval <folder>',
    'answer a set of questions (NAME.mp4 with NAME.json) through the whole product and print the accuracy',
    'eval test-sets/hour --no-memaug'))
    .option('--only <kind...>', 'only questions of these kinds or tasks')
    .option('--show', 'print every question with its reply')
    .action((directory: string, flags: EvalFlags) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const results = await evaluate(readQuestionSets(directory), {
          settings: answerSettings(flags), only: flags.only, onProgress: output.progress, signal,
          onJudged: ({ correct, question, reply, set }) => {
            if (flags.show === true) output.note(`${correct ? '  ok' : 'MISS'}  ${set} [${question.kind ?? question.task}] ${question.question.replaceAll('\n', ' / ')} -> ${reply} (${question.answer})`);
          },
        });
        const tables = tabulate(results);
        output.result({ settings: answerSettings(flags), tables, results }, formatTables(tables));
        return 0;
      }));
}
