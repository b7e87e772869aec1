import { existsSync } from 'node:fs';
import { LongtakeError } from '../../protocol/errors.ts';
import { openLibrary } from '../../library/index.ts';
import { askAcross, type Across } from '../../pipeline/ask-across.ts';
import { openHome } from '../../pipeline/home.ts';
import { expandPath } from '../../server/queue-paths.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { answerSettings, type AnswerFlags } from '../options.ts';
import type { CommandContext } from '../run.ts';
import { describeAnswer } from './ask.ts';

/** Asks the last word of all the others: files, folders of the disk, folders and videos of the library. */
export async function runAcross(words: readonly string[], flags: AnswerFlags, { output, signal }: CommandContext): Promise<number> {
  const question = words.at(-1) ?? '';
  if (words.length > 1 && existsSync(question)) {
    throw new LongtakeError('bad-argument', `The question comes last, and ${JSON.stringify(question)} is a file or folder. Write: longtake ask --across VIDEO VIDEO "QUESTION".`, { question });
  }
  const names = await videosOf(words.slice(0, -1));
  let begun = 0;
  const across = await askAcross(names, question, answerSettings(flags), {
    signal, onProgress: output.progress, onText: (text) => { output.stream(text); }, onVideo: (title) => { output.stream(`${begun++ > 0 ? '\n\n' : ''}## ${title}\n`); },
  });
  output.stream('\n');
  if (output.json) output.result(describeAcross(question, across), '');
  else for (const one of across.answers) output.note(`${one.title}\n${'answer' in one ? describeAnswer(one.answer) : `  ${one.error.message} [${one.error.code}]`}`);
  const [failed] = across.answers.flatMap((one) => 'error' in one ? [one.error] : []);
  return across.stopped ? exitCodes.cancelled.code : failed === undefined ? 0 : exitCodeOf(failed);
}

/** What is meant: a path before a folder of the library, and that before a title. Each video once. */
async function videosOf(names: readonly string[]): Promise<string[]> {
  using library = openLibrary(openHome().libraryFile);
  const found: string[] = [];
  for (const name of names) {
    const folder = existsSync(name) ? undefined : library.folders.findByName(name);
    if (folder === undefined) found.push(...existsSync(name) ? await expandPath(name) : [name]);
    // The file where it is there: its memory may not be.
    else found.push(...library.videos.list().filter(({ folderId }) => folderId === folder.id).reverse().map(({ id, paths }) => paths.find((path) => existsSync(path)) ?? id));
  }
  if (found.length > 0) return [...new Set(found)];
  throw new LongtakeError('bad-argument', names.length === 0 ? 'Name the videos or folders before the question: longtake ask --across VIDEO VIDEO "QUESTION".'
    : `There is no video in ${names.map((name) => JSON.stringify(name)).join(', ')}. "longtake library list" shows what is in which folder.`);
}

/** What `--json` prints. */
function describeAcross(question: string, { surveyId, model, provider, answers }: Across): Record<string, unknown> {
  return {
    question, surveyId, model, provider,
    answers: answers.map((one) => 'error' in one ? { video: one.title, videoId: one.videoId, error: { code: one.error.code, message: one.error.message } } : {
      video: one.title, videoId: one.videoId, answer: one.answer.answer, citations: one.answer.citations,
      ended: one.answer.ended, timings: one.answer.timings,
    }),
  };
}
