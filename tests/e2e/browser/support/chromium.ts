import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * The Chromium of the npm package, as a browser on a desktop is: its own switches are made for another place (one
 * process, no web security) and none of them is taken. No name resolves, so a page reaches the loopback and nothing else.
 */
export async function launchChromium(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    headless: true,
    args: [
      '--font-render-hinting=none', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
      '--autoplay-policy=no-user-gesture-required', '--mute-audio', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      // Chromium's own sandbox needs user namespaces, which containers and root do not have.
      ...(process.getuid?.() === 0 || process.env['CI'] !== undefined ? ['--no-sandbox'] : []),
    ],
  });
}
