import type { Command } from 'commander';
import { openVideoChat } from '../../pipeline/video-chat.ts';
import { sampleVideoFile, suggestedQuestions } from '../../pipeline/suggestions.ts';
import { addAnswerOptions, answerSettings, type AnswerFlags } from '../options.ts';
import { defineCommand, runCommand } from '../run.ts';
import { converse } from './chat.ts';
import { describeAnswer, describeConversation } from './ask.ts';

/** How many suggested questions are asked where nobody is there to type. */
const unattendedQuestions = 3;

export function addStartCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'start',
    'watch the bundled one-hour sample video and talk about it', 'start'))
    .action((flags: AnswerFlags & { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        await using chat = await openVideoChat(sampleVideoFile, answerSettings(flags), { onProgress: output.progress, signal });
        if (process.stdin.isTTY && process.stdout.isTTY && !output.json) {
          await converse(chat, output);
          return 0;
        }
        for (const question of suggestedQuestions(sampleVideoFile).slice(0, unattendedQuestions)) {
          output.stream(`> ${question}\n`);
          const answer = await chat.ask(question, { onText: (text) => { output.stream(text); }, onProgress: output.progress, signal });
          output.stream(`\n${describeAnswer(answer)}\n\n`);
        }
        if (output.json) output.result(describeConversation(chat), '');
        else output.stream(`${chat.modelNotice ?? ''}\nTo ask your own questions: npm start in a terminal, or npm run --silent longtake -- --help\n`);
        return 0;
      }));
}
