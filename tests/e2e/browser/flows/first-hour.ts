import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { sampleQuestions } from '../../../../engine/pipeline/pebble-town.ts';
import { onlyEvent } from '../../../support/sample-story.ts';
import { cutSample } from '../support/clips.ts';
import { choose, conversation, eventually, finishedAnswers, isReady, lastAnswer, openVideo, questions, rail, undo } from '../support/person.ts';
import { part } from './stage.ts';

export const sampleTitle = 'Pebble Town';
const queue = (page: Page): Locator => rail(page).getByRole('region', { name: 'Encoding' });
const queued = (page: Page): Locator => queue(page).getByRole('listitem');
const order = (page: Page): Promise<readonly string[]> => queued(page).evaluateAll((items) => items.map((item) => item.querySelector('button')?.textContent ?? ''));
const job = (page: Page, title: string): Locator => queued(page).filter({ hasText: title });

/** How much of a video is encoded, in percent; undefined while nothing says so. */
async function percentOf(page: Page, title: string): Promise<number | undefined> {
  const [text = ''] = await job(page, title).allInnerTexts();
  const share = /(\d+(?:\.\d+)?)\s?%/u.exec(text)?.[1];
  return share === undefined ? undefined : Number(share);
}

/** How much of the page has moved since it was opened, other than by what a person did: a browser's own measure of it. */
function shiftedShare(page: Page): Promise<number> {
  // As text: the compiler settings here know no page.
  return page.evaluate<number>(`new Promise((resolve) => {
    new PerformanceObserver((list) => { resolve(list.getEntries().reduce((sum, { value, hadRecentInput }) => hadRecentInput ? sum : sum + value, 0)); }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(resolve, 200, 0);
  })`);
}

/** Watches an encode until it is further than it was, and never as good as begun anew. */
async function goesOn(page: Page, beforePercent: number): Promise<void> {
  const after = await eventually(() => percentOf(page, sampleTitle), (percent) => percent !== undefined, 'an encode that says how far it is') ?? 0;
  assert.ok(after > beforePercent / 2, `${after} % after ${beforePercent} %`);
  await eventually(async () => await percentOf(page, sampleTitle) ?? 100, (percent) => percent > beforePercent, 'an encode that goes on');
}

/** The first start and the encode of the sample's hour, which is disturbed in every way that it can be. */
export const theFirstHour = part([], (stage) => {
  const { step, assertAccessible, desk } = stage;

  step('the first start offers questions about the sample; one of them opens it', async (page) => {
    const offered = page.getByRole('list', { name: 'Questions about the sample' }).getByRole('button', { name: sampleQuestions()[0] ?? '' });
    await offered.waitFor();
    assert.ok(await shiftedShare(page) < 0.01, 'what is there has come to its place at once');
    await assertAccessible(page, 'welcome');
    await offered.click();
    await conversation(page).waitFor();
  });

  step('the encode shows how far it is, and the question is answered from what is in memory by then', async (page) => {
    const shares = new Set<number | undefined>();
    await eventually(() => percentOf(page, sampleTitle), (percent) => shares.add(percent).size > 2, 'a share that grows');
    await page.getByRole('button', { name: 'Ask now' }).click();
    await finishedAnswers(page).first().waitFor();
    await lastAnswer(page).getByText(/From the first .+ of 1 h/u).waitFor();
  });

  step('encodes wait in line: they are paused, put in another order, stopped and brought back', async (page) => {
    const market = await cutSample(path.join(desk, 'market.mp4'), { seconds: 20 });
    // A minute before the kite and a minute from it on: what the demo model knows begins at 100 seconds.
    const farm = await cutSample(path.join(desk, 'farm.mp4'), { startSeconds: onlyEvent('kite').startSeconds - 60, seconds: 120 });
    await stage.app.drop([market, farm]);
    // The hour last: as long as it is encoded, the others wait.
    for (const title of ['market.mp4', 'farm.mp4', sampleTitle]) await queue(page).getByRole('button', { name: `Pause ${title}` }).click();
    await queue(page).getByRole('button', { name: `Resume ${sampleTitle}` }).waitFor();
    await assertAccessible(page, 'encoding');
    assert.deepEqual(await order(page), [sampleTitle, 'market.mp4', 'farm.mp4']);
    await choose(page, queue(page).getByRole('button', { name: 'More about the encode of farm.mp4' }), /^Earlier/u);
    await eventually(() => order(page), (titles) => titles.join() === [sampleTitle, 'farm.mp4', 'market.mp4'].join(), 'one that was put earlier');
    await queue(page).getByRole('button', { name: 'Resume farm.mp4' }).press('Alt+ArrowDown');
    await eventually(() => order(page), (titles) => titles.join() === [sampleTitle, 'market.mp4', 'farm.mp4'].join(), 'one that was put later');
    await choose(page, queue(page).getByRole('button', { name: 'More about the encode of market.mp4' }), 'Stop encoding');
    await eventually(() => order(page), (titles) => titles.join() === [sampleTitle, 'farm.mp4'].join(), 'one that was stopped');
    await undo(page, 'is not encoded further');
    await eventually(() => order(page), (titles) => titles.join() === [sampleTitle, 'market.mp4', 'farm.mp4'].join(), 'its old place');
    await queue(page).getByRole('button', { name: 'Resume market.mp4' }).click();
    await isReady(page, 'market.mp4');
    await queue(page).getByRole('button', { name: 'Resume farm.mp4' }).click();
    await isReady(page, 'farm.mp4');
  });

  step('a paused encode has let the others pass, and goes on from where it was', async (page) => {
    await eventually(() => order(page), (titles) => titles.join() === sampleTitle, 'the others gone from the line');
    const paused = await percentOf(page, sampleTitle) ?? 0;
    await queue(page).getByRole('button', { name: `Resume ${sampleTitle}` }).click();
    await goesOn(page, paused);
  });

  step('an engine that is killed while it encodes is started again, and the encode goes on', async (page) => {
    const before = await percentOf(page, sampleTitle) ?? 0;
    const end = stage.app.problems.allow(/503/u); // pictures that are asked for meanwhile
    const away = page.getByText('The engine has stopped and is being started again');
    await stage.app.killEngine({ meanwhile: () => away.waitFor() });
    // How far it was may be more than `before` already.
    await away.waitFor({ state: 'detached' });
    await goesOn(page, before);
    end();
  });

  step('quitting in the midst of it keeps what there is; the next start shows the same place and encodes the rest', async (page) => {
    await openVideo(page, sampleTitle);
    const before = await percentOf(page, sampleTitle) ?? 0;
    const asked = await stage.restart();
    assert.deepEqual(asked, stage.kind === 'web' ? [] : ['Quit while a video is being encoded?']);
    const next = stage.app.page;
    await next.getByRole('heading', { level: 1, name: sampleTitle }).waitFor();
    await questions(next).first().waitFor();
    assert.equal(await questions(next).count(), 1);
    await goesOn(next, before);
    if (stage.kind === 'electron') return;
    await choose(next, queue(next).getByRole('button', { name: `More about the encode of ${sampleTitle}` }), 'Stop encoding');
    await job(next, sampleTitle).waitFor({ state: 'detached' });
  });
});
