import { readdirSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { cutSample } from '../../tests/e2e/browser/support/clips.ts';
import { untilQueue } from '../../tests/server/support/engine.ts';
import { sampleId } from './first-story.ts';
import { ask, closeNotices, composer, notices, openVideo, showTab, type Stage, type State } from './state.ts';

async function startTalk(stage: Stage): Promise<void> {
  await stage.client.request('conversations.create', { videoId: await sampleId(stage) });
}

/** The largest file below a folder. */
function largestFile(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  return files.toSorted((one, other) => statSync(other).size - statSync(one).size)[0] ?? '';
}

/** An engine that dies, a memory that is damaged, and an address that is not the right one. */
export const troubleStory: readonly State[] = [
  {
    name: 'memory-damaged', everywhere: true,
    needed: true,
    async prepare({ client, home, scratch }) {
      await client.request('queue.add', { paths: [await cutSample(path.join(scratch, 'After the storm.mp4'), { startSeconds: 1500, seconds: 60 })] });
      await untilQueue(client, (jobs) => jobs.every(({ title }) => !title.startsWith('After')));
      const { videos } = await client.request('library.list', {});
      truncateSync(largestFile(path.join(home, 'memories', videos.find(({ title }) => title.startsWith('After'))?.memories[0]?.id ?? '')), 1000);
    },
    async show(page) {
      await openVideo(page, 'After the storm');
      await showTab(page, 'Conversation');
      await page.getByRole('heading', { name: 'Not in memory yet' }).waitFor();
      await notices(page).filter({ hasText: 'is damaged' }).waitFor();
    },
    leave: closeNotices,
  },
  {
    name: 'wrong-token',
    async show(page, { app }) {
      // What a browser was let in with is kept; this one is let in for the first time.
      await page.context().clearCookies();
      await page.goto(new URL(`/?token=${'x'.repeat(43)}`, app.address ?? '').href);
    },
    async leave(page, { app }) {
      await page.goto(app.address ?? '');
      await page.getByRole('navigation', { name: 'Library' }).waitFor();
      await closeNotices(page);
    },
  },
  {
    name: 'engine-lost', needed: true, fleeting: true,
    prepare: startTalk,
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await showTab(page, 'Conversation');
      await composer(page).waitFor();
    },
    around: (page, { app }, look) => app.killEngine({
      begin: () => ask(page, 'What happens at the harbour?'),
      async meanwhile() {
        await page.getByText('The engine has stopped').waitFor();
        await look();
      },
    }),
    async leave(page, { reconnect }) {
      await page.getByText('The engine has stopped').waitFor({ state: 'detached' });
      await reconnect();
    },
  },
  {
    name: 'interrupted',
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await showTab(page, 'Conversation');
      await page.getByText('Cut off when Longtake ended.').first().waitFor();
    },
  },
];
