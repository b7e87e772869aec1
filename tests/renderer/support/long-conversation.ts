import path from 'node:path';
import { connectEngine } from '../../../engine/protocol/envelope-client.ts';
import { serveConnection } from '../../../engine/server/connection.ts';
import type { Library } from '../../../engine/library/index.ts';
import { formatClock } from '../../../renderer/format/time.ts';
import type { AnswerData } from '../../../engine/server/message-view.ts';
import { openEngineService } from '../../../engine/server/workspace.ts';
import { transportPair } from '../../../engine/server/local-shell.ts';
import { untilQueue } from '../../server/support/engine.ts';
import { makeVideo } from '../../support/videos.ts';

const videoSeconds = 60;

/** An answer to be put into a library. */
export type WrittenAnswer = { readonly text: string; readonly data: AnswerData };

/**
 * A home (LONGTAKE_HOME) with a video in memory, "film.mp4", and one conversation about it: questions "Question 0" and so
 * on, each with an answer that begins "Answer 0", as long and as marked up as models write them. `last` answers another.
 */
export async function makeLongConversation(home: string, messages: number, last?: string): Promise<void> {
  process.env['LONGTAKE_HOME'] = home;
  const service = await openEngineService();
  const video = path.join(home, 'film.mp4');
  try {
    const { library } = service.workspace;
    await makeVideo(video, { seconds: videoSeconds });
    const [page, server] = transportPair();
    serveConnection(server, service);
    const client = connectEngine(page);
    await client.request('queue.add', { paths: [video] });
    await untilQueue(client, (jobs) => jobs.length === 0);
    const videoId = library.videos.list()[0]?.id ?? '';
    addLongConversation(library, videoId, { messages, seconds: videoSeconds, last });
  } finally {
    await service[Symbol.asyncDispose]();
  }
}

/** The conversation alone, about a video of `seconds` that is in a library already. */
export function addLongConversation(library: Library, videoId: string, { messages, seconds, last }: { readonly messages: number; readonly seconds: number; readonly last?: string | undefined }): void {
  const conversation = library.conversations.create({ videoId, title: 'A long conversation' });
  library.transaction(() => {
    let parentId: string | null = null;
    const add = (question: string, { text, data }: WrittenAnswer): void => {
      const { id } = library.messages.append({ conversationId: conversation.id, parentId, role: 'user', content: question, data: {} });
      parentId = library.messages.append({ conversationId: conversation.id, parentId: id, role: 'assistant', content: text, data }).id;
    };
    for (let pair = 0; pair < messages / 2; pair++) add(`Question ${pair}: what happens around here?`, makeAnswer(pair, seconds));
    if (last !== undefined) add('And what else?', { text: last, data: { state: 'complete' } });
  });
}

/** Times are spread over the whole video; a prime leaves hardly two answers with the same. */
const spread = 613;
/** So many at most: the curve of a day is as long as that of an hour. */
const mostBins = 3600;

function makeAnswer(pair: number, videoSeconds: number): WrittenAnswer {
  const seconds = videoSeconds <= 60 ? pair % videoSeconds : (pair * spread) % videoSeconds;
  const bins = Math.min(mostBins, videoSeconds);
  const time = formatClock(seconds);
  const sentence = `Answer ${pair}: at ${time} the **test picture** moves.`;
  const text = pair % 5 === 0 ? `${sentence}\n\n- first the bars\n- then \`a counter\`\n- and a [link](https://example.org/)\n\n| at | what |\n| - | - |\n| ${time} | bars |` : `${sentence} ${'It goes on for a while. '.repeat(pair % 7)}`;
  return {
    text,
    data: {
      state: 'complete', model: 'demo', provider: 'cpu', timings: { encodeMs: 1, memoryMs: 1, firstTokenMs: 1, tokensPerSecond: 1 },
      coverage: { seconds: videoSeconds, frames: videoSeconds, complete: true },
      citations: [...text.matchAll(new RegExp(time, 'gu'))].map(({ index }) => ({ startSeconds: seconds, endSeconds: seconds, text: time, offset: index, verified: true })),
      lookedAt: { binSeconds: videoSeconds / bins, share: Array.from({ length: bins }, (_, bin) => ((bin * 7 + pair) % 13) / 400) },
    },
  };
}
