import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { untilQueue } from '../../tests/server/support/engine.ts';
import { dropFiles } from '../../tests/e2e/browser/harness.ts';
import { cutSample, makeBadFiles } from '../../tests/e2e/browser/support/clips.ts';
import { makeVideo } from '../../tests/support/videos.ts';
import { makeForeign } from './films.ts';
import { closeNotices, engineHeld, notices, openVideo, showTab, type Stage, type State } from './state.ts';

const longTitle = 'Interview with the harbour master about the winter of the great storm, second part, uncut – 2026-02-14 (copy).mp4';
const film = ({ scratch }: Stage, name: string): string => path.join(scratch, 'films', name);

/** Files of every kind on their way into the library, and what becomes of them. */
export const libraryStory: readonly State[] = [
  {
    name: 'beyond-demo', everywhere: true,
    async prepare(stage) {
      mkdirSync(film(stage, ''), { recursive: true });
      await cutSample(film(stage, 'By the sea.mp4'), { startSeconds: 600, seconds: 60 });
      await stage.client.request('queue.add', { paths: [film(stage, 'By the sea.mp4')] });
      await untilQueue(stage.client, (jobs) => jobs.length === 0);
    },
    async show(page) {
      await openVideo(page, 'By the sea');
      await showTab(page, 'Conversation');
      await page.getByRole('heading', { name: 'This film needs a real model' }).waitFor();
    },
  },
  {
    name: 'queue', needed: true, everywhere: true,
    async prepare(stage) {
      const { client } = stage;
      mkdirSync(film(stage, ''), { recursive: true });
      await cutSample(film(stage, 'gone.mp4'), { seconds: 60 });
      await makeVideo(film(stage, 'all night.mp4'), { seconds: 36_000, width: 64, height: 36, framesPerSecond: 0.25 });
      await cutSample(film(stage, longTitle), { startSeconds: 300, seconds: 300 });
      await cutSample(film(stage, 'Morning market.mp4'), { startSeconds: 900, seconds: 240 });
      await cutSample(film(stage, 'Evening walk.mp4'), { startSeconds: 1200, seconds: 240 });
      await client.request('queue.add', { paths: ['all night.mp4', 'gone.mp4', longTitle, 'Morning market.mp4', 'Evening walk.mp4'].map((name) => film(stage, name)) });
      const jobOf = async (title: string): Promise<string> => (await client.request('queue.list', {})).jobs.find((job) => job.title.startsWith(title))?.id ?? '';
      await client.request('queue.pause', { jobId: await jobOf('Evening') });
      renameSync(film(stage, 'gone.mp4'), film(stage, 'gone.mp4.away'));
      // What runs makes way for the one whose file has gone, and then goes on.
      const night = await jobOf('all night');
      await client.request('queue.move', { jobId: night, beforeJobId: await jobOf('Interview') });
      await client.request('queue.pause', { jobId: night });
      await untilQueue(client, (jobs) => jobs.some(({ state }) => state === 'failed'));
      await client.request('queue.move', { jobId: night, beforeJobId: await jobOf('gone') });
      await client.request('queue.resume', { jobId: night });
      for (const title of ['Interview', 'Morning']) await client.request('queue.pause', { jobId: await jobOf(title) });
      await untilQueue(client, (jobs) => jobs.find(({ state }) => state === 'running')?.title.startsWith('all night') === true);
      for (const title of ['Interview', 'Morning']) await client.request('queue.resume', { jobId: await jobOf(title) });
    },
    async show(page) {
      await openVideo(page, 'all night');
      await page.getByRole('region', { name: 'Encoding' }).getByText(/left/u).first().waitFor();
    },
    async after({ client }) {
      for (const { id, title } of (await client.request('queue.list', {})).jobs) if (title.startsWith('all night')) await client.request('queue.pause', { jobId: id });
      await untilQueue(client, (jobs) => jobs.every(({ state }) => state !== 'queued' && state !== 'running'));
    },
  },
  {
    name: 'failed-encode',
    async show(page) {
      await openVideo(page, 'gone');
      await showTab(page, 'Conversation');
      await page.getByRole('heading', { name: 'Not in memory yet' }).waitFor();
    },
  },
  {
    name: 'long-title', fleeting: true,
    async show(page) {
      await openVideo(page, 'Interview');
      await page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: /^Interview/u }).first().hover();
    },
    leave: (page) => page.mouse.move(5, 5),
  },
  {
    name: 'partly', fleeting: true,
    async prepare({ client }) {
      const job = (await client.request('queue.list', {})).jobs.find(({ title }) => title.startsWith('all night'));
      if (job !== undefined) await client.request('queue.cancel', { jobId: job.id });
    },
    async show(page) {
      await openVideo(page, 'all night');
      await showTab(page, 'Conversation');
      await page.getByText('Partly encoded').first().waitFor();
    },
  },
  {
    name: 'missing', everywhere: true,
    async prepare(stage) { rmSync(film(stage, 'Morning market.mp4')); },
    async show(page) {
      await page.reload();
      await openVideo(page, 'Morning market');
      await showTab(page, 'Video');
      await page.getByText('The file is not where it was').waitFor();
    },
  },
  {
    name: 'not-playable', needed: true, everywhere: true,
    async prepare(stage) {
      await makeForeign(film(stage, 'Super 8 reel.avi'), { seconds: 900 });
      await stage.client.request('queue.add', { paths: [film(stage, 'Super 8 reel.avi')] });
      await untilQueue(stage.client, (jobs) => jobs.every(({ title }) => !title.startsWith('Super 8')));
    },
    async show(page) {
      await openVideo(page, 'Super 8');
      await showTab(page, 'Video');
      await page.getByRole('button', { name: 'Make a copy that plays' }).waitFor();
    },
  },
  {
    name: 'proxy', fleeting: true, around: engineHeld,
    async show(page) {
      await openVideo(page, 'Super 8');
      await showTab(page, 'Video');
      await page.getByRole('button', { name: 'Make a copy that plays' }).click();
      await page.getByRole('main').getByText(/\d\s?%/u).first().waitFor();
    },
    leave: (page) => page.getByRole('button', { name: 'Stop', exact: true }).click(),
  },
  {
    name: 'notices', everywhere: true,
    async show(page, { scratch }) {
      const { empty, text, sound } = await makeBadFiles(scratch);
      await dropFiles(page, [empty, text, sound]);
      await notices(page).nth(2).waitFor();
    },
    leave: closeNotices,
  },
  {
    name: 'dropping', fleeting: true,
    async show(page) {
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: ['/film.mp4'], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver'] as const) await session.send('Input.dispatchDragEvent', { type, x: 500, y: 4, data });
      await session.detach();
      await page.getByText('Drop videos, folders or memories').waitFor();
    },
    async leave(page) {
      await page.evaluate("window.dispatchEvent(new DragEvent('dragleave'))");
      await page.getByText('Drop videos, folders or memories').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'copying',
    async show(page, { scratch }) {
      // On one machine a copy is there before anybody could look at it: this one stands still on its way.
      await page.evaluate("XMLHttpRequest.prototype.send = function () { this.upload.dispatchEvent(new ProgressEvent('progress', { lengthComputable: true, loaded: 42, total: 100 })); }");
      await cutSample(path.join(scratch, 'Holiday.mp4'), { seconds: 20 });
      await dropFiles(page, [path.join(scratch, 'Holiday.mp4')]);
      await page.getByRole('region', { name: 'In progress' }).getByText(/\d\s?%/u).waitFor();
      await page.waitForTimeout(800);
    },
    leave: (page) => page.reload(),
  },
  {
    name: 'forecast', everywhere: true,
    async prepare({ scratch }) { await makeVideo(path.join(scratch, 'The whole day.mp4'), { seconds: 100_000, width: 64, height: 36, framesPerSecond: 0.02 }); },
    async show(page, { scratch }) {
      await dropFiles(page, [path.join(scratch, 'The whole day.mp4')]);
      await page.getByRole('dialog', { name: /Encode/u }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'forecast-several',
    async show(page, stage) {
      for (const name of ['The second day.mp4', '爷爷讲述一九六二年冬天港口大风暴的故事（完整未剪辑版）第二部分.mp4']) copyFileSync(path.join(stage.scratch, 'The whole day.mp4'), path.join(stage.scratch, name));
      await dropFiles(page, ['The whole day.mp4', 'The second day.mp4', '爷爷讲述一九六二年冬天港口大风暴的故事（完整未剪辑版）第二部分.mp4'].map((name) => path.join(stage.scratch, name)));
      await page.getByRole('dialog', { name: /Encode/u }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'forecast-refused',
    async show(page, { scratch }) {
      // A disk that is full for everybody is not worth it: the page is told of one.
      await page.routeWebSocket(/\/socket/u, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => { socket.send(String(message).replace(/"freeDiskBytes":\d+,("keptDiskBytes":\d+,)"fits":true/u, '"freeDiskBytes":91000000,$1"fits":false')); });
      });
      await page.reload();
      await page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: /^Pebble/u }).first().waitFor();
      await dropFiles(page, [path.join(scratch, 'The whole day.mp4')]);
      await page.getByRole('dialog', { name: 'There is not enough room' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
];
