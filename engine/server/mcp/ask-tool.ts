import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { EngineClient } from '../../protocol/envelope-client.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import type { SingleAnswer } from '../../protocol/single-answer.ts';
import { formatTime } from '../../chat/citations.ts';
import type { EngineSource } from '../engine-link.ts';
import { addTool, type ToolContext } from './tool.ts';
import { videoName } from './library-tools.ts';

export function addAskTool(server: McpServer, link: EngineSource): void {
  addTool(server, link, {
    name: 'ask_video', title: 'Ask about a video', readOnly: true,
    description: 'Asks Longtake\'s local video model a question about what is seen in a video that was watched (watch_video does that; list_videos says whether). '
      + 'Ask one thing in plain words: "When does the red balloon appear?", "What does the man hold at 12:40?". It sees frames of the whole video, or of the range that you give, which helps with details; it hears nothing. '
      + 'It is a small model and can be wrong: times that are not verified lie outside of what it saw, and get_frames shows what is there. Nothing of it is kept in the user\'s conversations. '
      + 'The first question about an hour takes longest.',
    input: z.object({
      video: videoName, question: z.string().min(1).max(20_000),
      range: z.object({ startSeconds: z.number().nonnegative(), endSeconds: z.number().positive() }).optional().describe('Answer from this part of the video alone.'),
      history: z.array(z.object({ question: z.string().min(1), answer: z.string().min(1) })).max(50).default([]).describe('Earlier questions and its answers, oldest first, where this one follows on them.'),
    }),
    output: z.object({
      answer: z.string(), videoId: z.string(), model: z.string(), notice: z.string().optional().describe('What must be said of a model that is only a demonstration.'),
      times: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), text: z.string(), verified: z.boolean() })).describe('The times that the answer names.'),
      lookedAt: z.array(z.object({ seconds: z.number(), share: z.number() })).describe('The moments that got most of the model\'s attention. It is where it looked, not a proof. Empty of a model without MemAug.'),
      coverageSeconds: z.number(), complete: z.boolean().describe('false: the video is still being watched, and the answer is from its beginning alone.'), cutOff: z.boolean().describe('The answer reached its greatest length.'),
    }),
    run: async ({ video, question, range, history }, context) => {
      const { client, signal } = context;
      const { id: videoId } = await client.request('library.find', { name: video }, { signal });
      const turns = [...history.flatMap((turn) => [{ role: 'user', content: turn.question }, { role: 'assistant', content: turn.answer }] as const), { role: 'user', content: question } as const];
      const answer = await ask(client, { videoId, turns, ...range && { range } }, context);
      const { model: { label } } = await client.request('app.info', {}, { signal });
      const times = answer.citations.map(({ startSeconds, endSeconds, text, verified, lookedAtSeconds }) => ({ startSeconds: lookedAtSeconds ?? startSeconds, endSeconds: Math.max(endSeconds, lookedAtSeconds ?? startSeconds), text, verified }));
      const { coverage } = answer;
      const lines = [
        answer.text,
        ...times.length === 0 ? [] : [`Times: ${times.map(({ startSeconds, text, verified }) => `${text} = ${startSeconds} s${verified ? '' : ' (not verified)'}`).join(', ')}`],
        ...answer.moments.length === 0 ? [] : [`Looked at most: ${answer.moments.map(({ seconds }) => formatTime(seconds)).join(', ')}`],
        ...coverage.complete ? [] : [`Only the first ${formatTime(coverage.seconds)} were watched so far.`],
        ...label === undefined ? [] : [label],
      ];
      return {
        text: lines.join('\n'),
        data: { answer: answer.text, videoId, model: answer.model, times, lookedAt: answer.moments, coverageSeconds: coverage.seconds, complete: coverage.complete, cutOff: answer.ended === 'length', ...label !== undefined && { notice: label } },
      };
    },
  });
}

type Question = { readonly videoId: string; readonly turns: { readonly role: 'user' | 'assistant'; readonly content: string }[]; readonly range?: { startSeconds: number; endSeconds: number } };

async function ask(client: EngineClient, question: Question, { signal, report }: Pick<ToolContext, 'signal' | 'report'>): Promise<SingleAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SingleAnswer>();
  const unsubscribe = client.subscribe('answer', question, (event) => {
    // Recalling the memory comes first, and takes most of the time.
    if (event.kind === 'progress') report(event.progress.stage === 'memory' ? event.progress.share * 0.8 : 0.8 + event.progress.share * 0.2, event.progress.stage === 'memory' ? 'Recalling the memory' : 'Reading');
    if (event.kind === 'end') resolve(event.answer);
  }, { onError: reject });
  const stop = (): void => { reject(new LongtakeError('cancelled', 'Stopped.')); };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    unsubscribe();
  }
}
