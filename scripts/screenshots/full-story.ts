import { openVideo, showTab, type State } from './state.ts';

/** Ten hours and ten thousand messages; a part of the window that fails; an engine that has gone for good. */
export const fullStory: readonly State[] = [
  {
    name: 'ten-hours', everywhere: true,
    async show(page) {
      await openVideo(page, 'ten hours');
      await page.getByRole('region', { name: 'Timeline' }).waitFor();
      await page.getByRole('article').last().waitFor();
      await page.waitForTimeout(1500);
    },
  },
  {
    name: 'ten-hours-zoomed',
    async show(page) {
      await showTab(page, 'Video');
      const slider = page.getByRole('slider', { name: 'Position on the timeline' });
      await slider.focus();
      await page.keyboard.press('0');
      for (let step = 0; step < 10; step++) await page.keyboard.press('+');
      await page.waitForTimeout(1200);
    },
    leave: (page) => page.keyboard.press('0'),
  },
  {
    name: 'failed-pane',
    async show(page) {
      await page.addInitScript('if (sessionStorage.getItem("broken") !== null) HTMLCanvasElement.prototype.getContext = () => { throw new Error("There is no canvas."); };');
      await page.evaluate('sessionStorage.setItem("broken", "")');
      await page.reload();
      await page.getByRole('alert', { name: 'This part of the window has failed' }).first().waitFor();
    },
    async leave(page) {
      await page.evaluate('sessionStorage.removeItem("broken")');
      await page.reload();
    },
  },
  {
    name: 'offline', everywhere: true,
    async show(page, { app }) {
      await page.getByRole('region', { name: 'Timeline' }).or(page.getByRole('tab')).first().waitFor();
      // It comes back within a second, and this page is not told.
      await page.routeWebSocket(/\/socket/u, (socket) => { void socket.close(); });
      await page.reload({ waitUntil: 'commit' }).catch(() => undefined);
      await app.killEngine().catch(() => undefined);
      await page.getByText(/engine has stopped/u).first().waitFor();
    },
  },
];
