import path from 'node:path';
import { makeLongConversation } from '../../tests/renderer/support/long-conversation.ts';
import { closeSettings } from './settings-states.ts';
import { closeNotices, openVideo, showTab, type Story } from './state.ts';
import { openMove } from './storage-states.ts';

/** What a large model may write: every kind of markup, addresses, times that are none, words without a space. */
const words = `## What happens, in order

The boat leaves at **0:07**, and comes back at 0:41 with *two* people more. At 9:59:59 nothing can have happened: this film is a minute long.

1. The harbour wakes up.
   - Nets are laid out.
   - A dog watches.
2. The market opens, see [the town's page](https://example.org/harbour?day=1) or [this one](http://example.org).

> “We always begin before the sun does.”

| Who | From | What they say |
| --- | --- | --- |
| The harbour master | 0:05 | That the boats should have been in before the storm came, and that nobody listened |
| 渔夫 | 0:20 | 今天的鱼很多 |

\`\`\`json
{ "boat": "Aurora", "crew": ["Ada", "Grace", "Katherine"], "note": "a line that is longer than any conversation is wide, so that it has to go somewhere" }
\`\`\`

A word that never ends: ${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}, and \`inline code\`.`;

/** Answers as long and as marked up as models of many billions write them: the demo model has no such words. */
export const wordsStory: Story = {
  name: 'many words',
  furnish: (home) => makeLongConversation(home, 6, words),
  chapters: [[
    {
      name: 'marked-up', everywhere: true,
      async show(page) {
        await openVideo(page, 'film');
        await showTab(page, 'Conversation');
        await page.getByRole('heading', { name: 'What happens, in order' }).scrollIntoViewIfNeeded();
      },
    },
    {
      name: 'marked-up-end',
      async show(page) { await page.getByText(/^A word that never ends/u).scrollIntoViewIfNeeded(); },
    },
    {
      name: 'link',
      async show(page) {
        await page.getByRole('button', { name: /the town.s page/u }).or(page.getByRole('link', { name: /the town.s page/u })).click();
        await page.getByRole('dialog').waitFor();
      },
      leave: (page) => page.keyboard.press('Escape'),
    },
    {
      // The last one: the engine opens the library anew in its new place, and the connection that prepares states ends with that.
      name: 'library-moving', fleeting: true,
      show: openMove,
      around: (page, { app, scratch }, look) => app.holdEngine({
        async begin() {
          await page.getByRole('textbox', { name: 'New place' }).fill(path.join(scratch, `library ${String(page.viewportSize()?.width)}`));
          await page.getByRole('button', { name: 'Move library' }).click();
        },
        async meanwhile() {
          await page.getByRole('progressbar', { name: 'Moving the library' }).last().waitFor();
          await look();
        },
      }),
      async leave(page) {
        await page.getByText(/^The library is now in/u).waitFor();
        await closeSettings(page);
        await closeNotices(page);
      },
    },
  ]],
};
