import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** What went wrong in the pages of an app, as a browser's console has it: errors, refusals of the policy, lost requests. */
export type Problems = {
  watch(page: Page): void;
  /** A test that breaks something says what may be complained about; until the returned function is called. */
  allow(pattern: RegExp): () => void;
  /** Fails on everything that nobody allowed, and forgets it. */
  assertNone(): void;
};

export function watchProblems(): Problems {
  const found: string[] = [];
  const allowed = new Set<RegExp>();
  const note = (problem: string): void => {
    if (![...allowed].some((pattern) => pattern.test(problem))) found.push(problem);
  };
  return {
    watch(page) {
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') note(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => { note(`page error: ${error.stack ?? error.message}`); });
      page.on('crash', () => { note('the page has crashed'); });
      // Offline is a promise: nothing but the app itself is ever asked for.
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        const own = hostname === '127.0.0.1' || /^(?:app|media)\.longtake\.localhost$/u.test(hostname); // the latter: app: and media: in the double
        if (!['data:', 'blob:', 'app:', 'media:'].includes(protocol) && !own) note(`a request to ${request.url()}`);
      });
    },
    allow(pattern) {
      allowed.add(pattern);
      return () => { allowed.delete(pattern); };
    },
    assertNone() { assert.deepEqual(found.splice(0), []); },
  };
}
