import { closeSettings, openSettings } from './settings-states.ts';
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
      await page.getByRole('article').last().waitFor();
      await page.waitForTimeout(1500);
    },
    async leave(page) {
      await page.evaluate('sessionStorage.removeItem("broken")');
      await page.reload();
    },
  },
  {
    name: 'offline',
    async show(page) {
      // An engine that is killed is back within a second; this page loses it for good.
      let away = false;
      const open: { close(): Promise<void> }[] = [];
      await page.routeWebSocket(/\/socket/u, (socket) => {
        if (away) { void socket.close(); return; }
        open.push(socket, socket.connectToServer());
      });
      await page.reload();
      await page.getByRole('article').last().waitFor();
      await page.waitForTimeout(1500);
      away = true;
      for (const socket of open) await socket.close();
      await page.getByText(/engine has stopped/u).first().waitFor();
    },
  },
  {
    name: 'offline-settings',
    async show(page) {
      await openSettings(page, 'Storage');
      await page.getByText('The engine is being started. What it knows').waitFor();
    },
    leave: closeSettings,
  },
  {
    name: 'ended',
    async show(page) {
      await page.route(({ pathname }) => pathname === '/', (route) => route.request().method() === 'HEAD' ? route.abort() : route.fallback());
      await page.getByText('Longtake is not running any more').waitFor();
    },
  },
  {
    name: 'restarted',
    async show(page) {
      await page.route(({ pathname }) => pathname === '/', (route) => route.request().method() === 'HEAD' ? route.fulfill({ status: 401 }) : route.fallback());
      await page.getByText('Longtake was started again').waitFor();
    },
  },
];
