import { answered, askHere, sampleId } from './first-story.ts';
import { ask, composer, engineHeld, lastAnswer, openConversation, openVideo, showTab, type Stage, type State } from './state.ts';

const talks = { bell: /When does the bell/u, fog: /Why is there fog/u, streaming: /Tell me about the balloon/u };

async function startTalk(stage: Stage): Promise<string> {
  return (await stage.client.request('conversations.create', { videoId: await sampleId(stage) })).id;
}

/** Questions, answers, and what is done with them. */
export const conversationStory: readonly State[] = [
  {
    name: 'conversation', needed: true, everywhere: true,
    async prepare(stage) {
      const id = await startTalk(stage);
      for (const question of ['When does the bell appear?', 'Why is there fog?', 'Tell me about the kite.']) await askHere(stage, id, question);
    },
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await openConversation(page, talks.bell);
      await page.getByRole('button', { name: /^Go to \d/u }).last().click();
      await page.evaluate('document.activeElement.blur()');
      await page.mouse.move(5, 5);
      await page.waitForTimeout(400);
      await page.getByRole('group', { name: 'Looked at' }).last().getByRole('button').first().locator('img').waitFor();
      await page.waitForTimeout(800); // pictures of the timeline
    },
  },
  {
    name: 'time-hovered', fleeting: true,
    async show(page) {
      await openConversation(page, talks.bell);
      await page.getByRole('button', { name: /^Go to \d/u }).first().hover();
      await page.waitForTimeout(300);
    },
    async leave(page) {
      await page.mouse.move(5, 5);
      await page.getByRole('region', { name: 'Messages' }).evaluate((list) => { list.scrollTo(0, list.scrollHeight); });
    },
  },
  {
    name: 'timeline-hovered', fleeting: true,
    async show(page) {
      await showTab(page, 'Video');
      const box = await page.getByRole('slider', { name: 'Position on the timeline' }).boundingBox();
      if (box !== null) await page.mouse.move(box.x + box.width * 0.62, box.y + 60);
      await page.waitForTimeout(400);
    },
    leave: (page) => page.mouse.move(5, 5),
  },
  {
    name: 'range', needed: true, everywhere: true,
    async prepare(stage) {
      const id = await startTalk(stage);
      await askHere(stage, id, 'Why is there fog?', { startSeconds: 2100, endSeconds: 2800 });
    },
    async show(page) {
      if ((page.viewportSize()?.width ?? 0) >= 1000) await openConversation(page, talks.fog);
      await showTab(page, 'Video');
      const slider = page.getByRole('slider', { name: 'Position on the timeline' });
      await slider.press('Home');
      for (let step = 0; step < 4; step++) await slider.press('ArrowRight');
      for (let step = 0; step < 6; step++) await slider.press('Shift+ArrowRight');
    },
    leave: (page) => page.keyboard.press('Shift+Escape'),
  },
  {
    name: 'branches', fleeting: true,
    async prepare(stage) {
      const { client } = stage;
      const { conversations } = await client.request('conversations.list', { videoId: await sampleId(stage) });
      const id = conversations.find(({ title }) => talks.fog.test(title))?.id ?? '';
      const { messages } = await client.request('messages.list', { conversationId: id });
      await client.request('messages.regenerate', { answerId: messages.at(-1)?.id ?? '' });
      await answered(stage, id);
      await client.request('messages.edit', { questionId: messages[0]?.id ?? '', question: 'What brings the fog?' });
      await answered(stage, id);
      await client.request('messages.select', { messageId: messages[0]?.id ?? '' });
    },
    async show(page) {
      await openConversation(page, talks.fog);
      await lastAnswer(page).hover();
    },
  },
  {
    name: 'draft',
    async show(page) {
      await openConversation(page, talks.fog);
      await composer(page).fill('I am looking for the part in which somebody stands on the beach with an umbrella.\n\nBefore that there was a bell, and I think that it was a boat’s: is it the same bell as the one at the school? If so, name both times.');
    },
    leave: (page) => composer(page).fill(''),
  },
  {
    name: 'editing',
    async show(page) {
      await openConversation(page, talks.fog);
      await page.getByRole('article', { name: 'You asked' }).first().hover();
      await page.getByRole('button', { name: 'Edit question' }).first().click();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'answering', fleeting: true, around: engineHeld,
    async prepare(stage) { await askHere(stage, await startTalk(stage), 'Tell me about the balloon.'); },
    async show(page) {
      await openConversation(page, talks.streaming);
      await ask(page, 'Which comes first, the kite or the bell?');
      await page.locator('article[aria-busy=true]').getByText(/\d\s?%/u).waitFor();
    },
    async leave(page) {
      await page.getByRole('button', { name: 'Stop answer' }).click();
      await page.locator('article[aria-busy=true]').waitFor({ state: 'detached' });
    },
  },
  { name: 'stopped', show: (page) => openConversation(page, talks.streaming) },
  {
    name: 'details', fleeting: true,
    async show(page) {
      await openConversation(page, talks.bell);
      await lastAnswer(page).getByRole('button', { name: 'How this answer came about' }).click();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'conversations', fleeting: true,
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await showTab(page, 'Conversation');
      await page.getByRole('button', { name: /choose another conversation/u }).click();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'deleted',
    async show(page) {
      await openConversation(page, talks.streaming);
      await page.getByRole('article', { name: 'Answer' }).last().getByRole('button', { name: 'Delete answer and what follows' }).click();
      await page.getByText('Message deleted').first().waitFor();
    },
    async leave(page) { await page.getByRole('button', { name: 'Undo' }).first().click(); },
  },
  {
    name: 'search', everywhere: true,
    async show(page) {
      await page.keyboard.press('Control+F');
      await page.getByRole('combobox').fill('kite');
      await page.getByRole('option').first().waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'palette',
    async show(page) {
      await page.keyboard.press('Control+K');
      await page.getByRole('combobox').fill('zoom');
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'search-nothing',
    async show(page) {
      await page.keyboard.press('Control+F');
      await page.getByRole('combobox').fill('zeppelin');
      await page.getByText(/zeppelin/u).last().waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'palette-nothing',
    async show(page) {
      await page.keyboard.press('Control+K');
      await page.getByRole('combobox').fill('zeppelin');
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'search-landing', fleeting: true,
    async show(page) {
      await openConversation(page, talks.fog);
      await page.keyboard.press('Control+F');
      await page.getByRole('combobox').fill('kite');
      await page.getByRole('group', { name: 'Messages' }).getByRole('option').first().click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'rename',
    async show(page) {
      await page.getByRole('main').getByRole('button', { name: /^More about/u }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await page.getByRole('textbox', { name: 'Title of the video' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'export', everywhere: true,
    async show(page) {
      await page.keyboard.press('Control+Shift+E');
      await page.getByRole('dialog', { name: 'Export memory' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
];
