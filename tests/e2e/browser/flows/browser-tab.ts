import assert from 'node:assert/strict';
import { askAndRead, questions } from '../support/person.ts';
import { keeping } from './keeping.ts';
import { part } from './stage.ts';

/** What only a browser on the web host meets. */
export const browserTab = part([keeping], (stage) => {
  const { step } = stage;

  step('an address with a wrong token, or with none, shows nothing of the library', async (page) => {
    const { origin, searchParams } = new URL(stage.app.address ?? '');
    const end = stage.app.problems.allow(/401/u);
    const stranger = await stage.app.openPage({}, 'about:blank');
    for (const address of [origin, `${origin}/?token=${'x'.repeat(searchParams.get('token')?.length ?? 0)}`]) {
      const response = await stranger.goto(address);
      assert.equal(response?.status(), 401);
      assert.equal(await stranger.getByRole('navigation', { name: 'Library' }).count(), 0);
    }
    await stranger.close();
    end();
    assert.ok(await page.getByRole('navigation', { name: 'Library' }).isVisible());
  });

  step('a second tab shows the same conversation while it grows', async (page) => {
    const tab = await stage.app.openPage();
    await tab.getByRole('heading', { level: 1, name: 'The farm' }).waitFor();
    const before = await questions(page).count();
    await askAndRead(tab, 'Is there a rocket in the video?');
    await questions(page).nth(before).waitFor();
    await tab.close();
  });
});
