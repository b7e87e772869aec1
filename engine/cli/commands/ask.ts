import type { Command } from 'commander';
import { openVideoChat, type VideoChat } from '../../pipeline/video-chat.ts';
import type { Answer } from '../../pipeline/answer.ts';
import { formatTime } from '../../chat/citations.ts';
import { requireQuestion } from '../../chat/budget.ts';
import { exitCodes } from '../exit-codes.ts';
import { addAnswerOptions, answerSettings, describeIdle, type AnswerFlags } from '../options.ts';
import { formatDuration, type Output } from '../output.ts';
import { defineCommand, runCommand } from '../run.ts';
import { runAcross } from './ask-across.ts';

export function addAskCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'ask <video> <question...>',
    'answer questions about a video; several questions are turns of one conversation',
    'ask party.mp4 "When does the red balloon appear?" "And where is it?"\n  longtake ask --across party.mp4 Holidays "Who is there?"'))
    .option('--across', 'ask one question, the last word, of all the videos and folders before it')
    .action((video: string, questions: string[], flags: AnswerFlags & { json?: boolean; across?: boolean }) =>
      runCommand(flags.json === true, async (context) => {
        if (flags.across === true) return await runAcross([video, ...questions], flags, context);
        const { output, signal } = context;
        for (const question of questions) requireQuestion(question);
        await using chat = await openVideoChat(video, answerSettings(flags), { onProgress: output.progress, signal });
        noteIdle(output, chat);
        for (const question of questions) {
          if (questions.length > 1) output.stream(`> ${question}\n`);
          const { ended } = await chat.ask(question, { onText: (text) => { output.stream(text); }, onProgress: output.progress, signal });
          output.stream('\n');
          if (ended === 'stopped') break;
        }
        if (output.json) output.result(describeConversation(chat), '');
        else printFooter(output, chat);
        return chat.answers.at(-1)?.ended === 'stopped' ? exitCodes.cancelled.code : 0;
      }));
}

/** What `--json` prints; the fields of the last answer stand at the top. */
export function describeConversation(chat: VideoChat): Record<string, unknown> {
  const last = chat.answers.at(-1);
  return {
    answer: last?.answer ?? '',
    turns: chat.answers.map(({ question, answer, citations, timings, ended, droppedTurns, subtitles }) =>
      ({ question, answer, citations, timings, ended, droppedTurns, subtitles })),
    citations: last?.citations ?? [],
    lookedAt: last?.lookedAt,
    memory: chat.memoryInfo,
    timings: last?.timings,
    provider: chat.provider,
    model: chat.modelName,
  };
}

export function noteIdle(output: Output, { idleSettings }: VideoChat): void {
  if (idleSettings.length > 0) output.note(describeIdle(idleSettings));
}

export function printFooter(output: Output, chat: VideoChat): void {
  const last = chat.answers.at(-1);
  if (last === undefined) return;
  output.note(describeAnswer(last));
  const { frames, tokens, coverageSeconds } = chat.memoryInfo;
  output.note(`memory: ${frames} frames (${formatTime(coverageSeconds)}), ${tokens.toLocaleString('en')} tokens · `
    + `model: ${chat.modelName} on ${chat.provider}`);
}

/** One line under an answer: the times it names and how long it took. */
export function describeAnswer({ citations, timings, droppedTurns, subtitles, ended }: Answer): string {
  const parts: string[] = [];
  if (citations.length > 0) {
    const times = citations.map(({ startSeconds, endSeconds, verified }) =>
      `${formatTime(startSeconds)}${endSeconds > startSeconds ? `–${formatTime(endSeconds)}` : ''}${verified ? '' : ' (unverified)'}`);
    parts.push(`times: ${times.join(', ')}`);
  }
  if (timings.encodeMs > 0) parts.push(`encoding ${formatDuration(timings.encodeMs / 1000)}`);
  if (timings.memoryMs > 0) parts.push(`memory ${formatDuration(timings.memoryMs / 1000)}`);
  parts.push(`first token ${formatDuration(timings.firstTokenMs / 1000)}`, `${timings.tokensPerSecond.toFixed(0)} tokens/s`);
  if (ended === 'length') parts.push('cut at the longest answer');
  if (ended === 'stopped') parts.push('stopped');
  if (droppedTurns > 0) parts.push(`${droppedTurns} earlier turns no longer fit and were left out`);
  if (subtitles !== undefined) parts.push(subtitles.of === 0 ? 'no subtitles' : `${subtitles.lines} of ${subtitles.of} lines of subtitles`);
  return `  ${parts.join(' · ')}`;
}
