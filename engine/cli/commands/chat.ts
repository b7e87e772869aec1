import { createInterface, type Interface } from 'node:readline/promises';
import type { Command } from 'commander';
import { isLongtakeError } from '../../protocol/errors.ts';
import { questionsAtOnce } from '../../protocol/limits.ts';
import { formatTime } from '../../chat/citations.ts';
import { sampleQuestions, sampleVideoFile } from '../../pipeline/pebble-town.ts';
import { openVideoChat, type VideoChat } from '../../pipeline/video-chat.ts';
import { exitCodes } from '../exit-codes.ts';
import { addAnswerOptions, answerSettings, type AnswerFlags } from '../options.ts';
import { describeError, type Output } from '../output.ts';
import { defineCommand, runCommand } from '../run.ts';
import { describeAnswer, describeConversation, noteIdle } from './ask.ts';

/** How many suggested questions are asked of the sample where nobody is there to type. */
const unattendedQuestions = 3;

export function addChatCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'chat [video]',
    'talk about a video, or about the sample where none is named: a question a line, Ctrl-C stops an answer, an empty line or Ctrl-D ends', 'chat party.mp4'))
    .action((video: string | undefined, flags: AnswerFlags & { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        await using chat = await openVideoChat(video ?? sampleVideoFile, answerSettings(flags), { onProgress: output.progress, signal });
        noteIdle(output, chat);
        if (video === undefined && !process.stdin.isTTY) await demonstrate(chat, output, signal);
        else await converse(chat, output, signal);
        if (output.json) output.result(describeConversation(chat), '');
        return signal.aborted ? exitCodes.cancelled.code : 0;
      }));
}

async function demonstrate(chat: VideoChat, output: Output, signal: AbortSignal): Promise<void> {
  for (const question of sampleQuestions().slice(0, unattendedQuestions)) {
    output.stream(`> ${question}\n`);
    const answer = await chat.ask(question, { onText: (text) => { output.stream(text); }, onProgress: output.progress, signal });
    output.stream(`\n${describeAnswer(answer)}\n\n`);
  }
  output.stream(`${chat.modelNotice ?? ''}\nTo ask your own questions: npm run longtake -- chat in a terminal, or npm start for the app\n`);
}

/**
 * Asks and answers until the user leaves, or the process is told to end. A number picks a suggested question, "more"
 * lists others. Where the questions come from a file or a pipe, its end closes the terminal at once, and the lines read
 * until then are still answered.
 */
async function converse(chat: VideoChat, output: Output, signal: AbortSignal): Promise<void> {
  const suggestions = await chat.suggestQuestions();
  introduce(chat, output);
  let offered = offer(suggestions, 0, output);
  const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: '\n> ' });
  let running: AbortController | undefined;
  let isOpen = true;
  terminal.on('SIGINT', () => { if (running === undefined) terminal.close(); else running.abort(); });
  const prompt = (): void => { if (isOpen) terminal.prompt(); };
  terminal.on('close', () => { isOpen = false; });
  signal.addEventListener('abort', () => { terminal.close(); }, { once: true });
  if (signal.aborted) terminal.close();
  prompt();
  for await (const line of lines(terminal)) {
    const typed = line.trim();
    if (typed === '' || signal.aborted) break;
    if (typed.toLowerCase() === 'more' && offered < suggestions.length) {
      offered = offer(suggestions, offered, output);
      prompt();
      continue;
    }
    const question = /^\d{1,3}$/.test(typed) ? suggestions.slice(0, offered)[Number(typed) - 1] ?? typed : typed;
    if (question !== typed) output.note(`> ${question}`);
    running = new AbortController();
    await answerLine(chat, question, output, AbortSignal.any([signal, running.signal]));
    running = undefined;
    prompt();
  }
  terminal.close();
}

async function* lines(terminal: Interface): AsyncGenerator<string, void, undefined> {
  yield* terminal;
}

async function answerLine(chat: VideoChat, question: string, output: Output, signal: AbortSignal): Promise<void> {
  try {
    const answer = await chat.ask(question, { onText: (text) => { output.stream(text); }, onProgress: output.progress, signal });
    output.stream('\n');
    output.note(describeAnswer(answer));
  } catch (error) {
    // One question that cannot be answered does not end the conversation.
    if (!isLongtakeError(error)) throw error;
    output.note(describeError(error).message);
  }
}

function introduce(chat: VideoChat, output: Output): void {
  const { frames, coverageSeconds } = chat.memoryInfo;
  output.note(`\n${chat.title}: ${formatTime(coverageSeconds)} in memory, ${frames} frames.`);
  if (chat.modelNotice !== undefined) output.note(chat.modelNotice);
}

/** Lists a handful of questions after those that were listed before. Returns how many have been listed by then. */
function offer(suggestions: readonly string[], before: number, output: Output): number {
  const listed = Math.min(before + questionsAtOnce, suggestions.length);
  if (listed === 0) return 0;
  output.note(`\nAsk anything about it, or type a number${listed < suggestions.length ? ', or "more" for other questions' : ''}:`);
  for (const [index, question] of suggestions.slice(before, listed).entries()) output.note(`  ${before + index + 1}  ${question}`);
  return listed;
}
