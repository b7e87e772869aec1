import { untilQueue } from '../../tests/server/support/engine.ts';
import { composer, openConversation, openVideo, showTab, type Stage, type State } from './state.ts';

const question = 'When does the bell appear?';

export async function sampleId({ client }: Stage): Promise<string> {
  const { videos } = await client.request('library.list', {});
  return videos.find(({ title }) => title === 'Pebble Town')?.id ?? '';
}

async function sampleJob({ client }: Stage): Promise<string> {
  return (await client.request('queue.list', {})).jobs[0]?.id ?? '';
}

/** Asks as a person would, and waits for the end of the answer. */
export async function askHere({ client }: Stage, conversationId: string, question: string, range?: { readonly startSeconds: number; readonly endSeconds: number }): Promise<string> {
  const { answerId } = await client.request('messages.ask', { conversationId, question, ...(range === undefined ? {} : { range }) });
  await answered({ client }, conversationId);
  return answerId;
}

export async function answered({ client }: Pick<Stage, 'client'>, conversationId: string): Promise<void> {
  for (;;) {
    const { messages } = await client.request('messages.list', { conversationId });
    const state = messages.at(-1)?.answer?.state;
    if (state !== 'waiting' && state !== 'writing') return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** From the first start to a video that is in memory. */
export const firstStory: readonly State[] = [
  { name: 'welcome', everywhere: true, show: (page) => page.getByRole('list', { name: 'Questions about the sample' }).waitFor() },
  {
    name: 'files',
    async show(page) {
      await page.getByRole('button', { name: 'Open your own video …' }).click();
      await page.getByRole('list', { name: 'Files and folders' }).or(page.getByText('No videos or memories')).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'waiting', needed: true, everywhere: true,
    prepare: ({ client }) => client.request('queue.addSample', {}),
    async show(page) {
      const offered = page.getByRole('list', { name: 'Questions about the sample' }).getByRole('button', { name: question });
      if (await offered.count() > 0) await offered.click();
      await page.getByText(/\d+\.\d\s?%/u).first().waitFor();
    },
    // Nobody asks it while the next states are made.
    leave: (page) => page.getByRole('button', { name: 'Do not ask' }).click(),
    async after(stage) {
      await untilQueue(stage.client, ([job]) => (job?.share ?? 0) > 0.1);
      await stage.client.request('queue.pause', { jobId: await sampleJob(stage) });
    },
  },
  {
    name: 'partial',
    async prepare(stage) {
      const { id } = await stage.client.request('conversations.create', { videoId: await sampleId(stage) });
      await askHere(stage, id, 'Is there a cat in the video?');
    },
    async show(page, stage) {
      await openConversation(page, /cat in the video/u);
      await page.getByText(/From the first/u).first().waitFor();
      await stage.client.request('queue.resume', { jobId: await sampleJob(stage) });
      await page.getByText(/\d+\.\d\s?%/u).first().waitFor();
    },
    after: async (stage) => stage.client.request('queue.pause', { jobId: await sampleJob(stage) }),
  },
  {
    name: 'paused', needed: true,
    show: (page) => page.getByText(/Paused at/u).first().waitFor(),
    async after(stage) {
      for (const { id } of (await stage.client.request('conversations.list', { videoId: await sampleId(stage) })).conversations) await stage.client.request('conversations.remove', { conversationId: id });
      const jobId = await sampleJob(stage);
      if (stage.memory === undefined) await stage.client.request('queue.resume', { jobId });
      else await stage.client.request('queue.remove', { jobId }).then(() => stage.client.request('archive.import', { file: stage.memory ?? '' }));
      await untilQueue(stage.client, (jobs) => jobs.length === 0);
    },
  },
  {
    name: 'ready',
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await showTab(page, 'Conversation');
      await page.getByRole('heading', { name: 'Ask about this video' }).waitFor();
      await composer(page).waitFor();
    },
  },
];
