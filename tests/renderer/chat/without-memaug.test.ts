import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { llavaVideoConfig, tinyLlavaVideoSizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import { hasEnded, openConversation, startEngine, until, untilQueue } from '../../server/support/engine.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import type { StreamEvent } from '../../../engine/protocol/events.ts';

const scratch = scratchDirectory('without-memaug');
const home = path.join(scratch, 'home');
const video = path.join(scratch, 'film.mp4');
const checkpoint = path.join(scratch, 'checkpoint');
let app: AppPage;

before(async () => {
  await writeCheckpoint(checkpoint, tinyLlavaVideoSizes, { config: llavaVideoConfig(tinyLlavaVideoSizes) });
  await makeVideo(video, { seconds: 30 });
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('a model without MemAug in the app', () => {
  test('is added from a folder, watches a video and answers; nothing says that it looked at anything', async () => {
    await using engine = await startEngine(home);
    const { client } = engine;
    await client.request('models.add', { source: { kind: 'folder', directory: checkpoint }, weights: 'float32', name: 'frames' });
    const { models } = await until<StreamEvent<'models'>>((onEvent, onError) => client.subscribe('models', {}, onEvent, { onError }), ({ models: installed, jobs }) => jobs.length === 0 && installed.some(({ name }) => name === 'frames'));
    assert.deepEqual(models.map(({ name, family, hasMemaug }) => [name, family, hasMemaug]).toSorted(), [['demo', 'hour-llava', true], ['frames', 'llava-video', false]]);
    await client.request('settings.change', { model: 'frames' });
    const { files } = await client.request('queue.forecast', { paths: [video] });
    assert.equal(files[0]?.diskBytes, 30 * (4 * 32 * 2 + 5000));
    const { results: [added] } = await client.request('queue.add', { paths: [video] });
    assert.ok(added?.outcome === 'queued');
    await untilQueue(client, (jobs) => jobs.length === 0);
    const { id: conversationId } = await client.request('conversations.create', { videoId: added.videoId });
    const shown = openConversation(client, conversationId);
    const { answerId } = await client.request('messages.ask', { conversationId, question: 'What is there?', range: { startSeconds: 5, endSeconds: 20 } });
    await shown.when((messages) => hasEnded(messages.find(({ id }) => id === answerId)));
    const answer = shown.messages()[1]?.answer;
    assert.ok(answer?.state === 'complete' || answer?.state === 'length', JSON.stringify(answer));
    assert.equal(answer.hasLookedAt, false);
    assert.deepEqual(await client.request('messages.lookedAt', { answerId }), { lookedAt: null });
  });

  test('its answer has no moments, and the settings that it does not know say so', async () => {
    app = await openAppPage(home);
    const { page } = app;
    await page.goto(app.address);
    await page.getByRole('button', { name: /^film/u }).first().click();
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.getByRole('toolbar').waitFor();
    assert.equal(await answer.getByRole('group', { name: 'Looked at' }).count(), 0);
    assert.equal(await answer.getByRole('button', { name: /where this answer looked/u }).count(), 0);
    await page.keyboard.press('Control+,');
    const panel: Locator = page.getByRole('dialog', { name: 'Settings' }).getByRole('tabpanel');
    await panel.getByText('Advanced').click();
    await panel.getByText('The model in use has no MemAug').waitFor();
  });
});
