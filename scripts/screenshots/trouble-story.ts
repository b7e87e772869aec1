import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dropFiles } from '../../tests/e2e/browser/harness.ts';
import { cutSample } from '../../tests/e2e/browser/support/clips.ts';
import { untilQueue } from '../../tests/server/support/engine.ts';
import { sampleId } from './first-story.ts';
import { ask, closeNotices, engineHeld, composer, notices, openVideo, showTab, type Stage, type State } from './state.ts';

async function startTalk(stage: Stage): Promise<void> {
  await stage.client.request('conversations.create', { videoId: await sampleId(stage) });
}

/** The largest file below a folder. */
function largestFile(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
  return files.toSorted((one, other) => statSync(other).size - statSync(one).size)[0] ?? '';
}

/** Copies of the library stop at a pipe that nobody writes to, until somebody does. */
async function whileMoving({ client, home, scratch }: Stage, look: () => Promise<void>): Promise<void> {
  const pipe = path.join(home, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const controller = new AbortController();
  const moved = client.request('library.move', { directory: path.join(scratch, 'another drive') }, { signal: controller.signal }).catch(() => undefined);
  try {
    await look();
  } finally {
    controller.abort();
    // Opened for both it waits for nobody: the copy may have been stopped before it came here.
    const writer = openSync(pipe, 'r+');
    await moved;
    closeSync(writer);
    rmSync(pipe);
  }
}

/** An engine that dies, a memory that is damaged, and an address that is not the right one; many errors at once, and a library that moves. */
export const troubleStory: readonly State[] = [
  {
    name: 'errors', everywhere: true, needed: true,
    async show(page, { scratch }) {
      await openVideo(page, 'Pebble Town');
      for (const name of ['A day at the beach.mp4', 'Interview with the keeper of the lighthouse, second take.mp4', 'Storm.mkv', 'The harbour at night.mov', 'Untitled.mp4']) {
        writeFileSync(path.join(scratch, name), name.startsWith('Storm') ? 'Dear diary,\n'.repeat(100) : '');
        await dropFiles(page, [path.join(scratch, name)]);
        await notices(page).filter({ hasText: name }).waitFor();
      }
    },
  },
  {
    name: 'errors-unfolded',
    show: (page) => page.getByRole('button', { name: 'Show all' }).click(),
    leave: (page) => page.getByRole('button', { name: 'Dismiss all' }).click(),
  },
  {
    name: 'library-moving-elsewhere', fleeting: true,
    show: (page) => openVideo(page, 'Pebble Town'),
    around: (page, stage, look) => whileMoving(stage, async () => {
      await page.getByText('The library is being moved to another place').waitFor();
      await look();
    }),
  },
  {
    name: 'starting', fleeting: true,
    show: (page) => openVideo(page, 'Pebble Town'),
    around: (page, stage, look) => engineHeld(page, stage, async () => {
      await page.reload();
      await page.getByText('Starting …').waitFor();
      await look();
    }),
    leave: (page) => page.getByText('Starting …').waitFor({ state: 'detached' }),
  },
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
      await page.getByRole('heading', { name: 'Its memory is damaged' }).waitFor();
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
