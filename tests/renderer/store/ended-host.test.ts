import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Transport } from '../../../engine/protocol/envelope.ts';
import { hasEnded, linkEngine, type HostState, type LinkState } from '../../../renderer/shell/engine-link.ts';

/** A connection that ends as soon as it is made: the host's port refuses, or its token is another one. */
const refused = (): Transport => ({
  send: () => undefined, onMessage: () => undefined, close: () => undefined,
  onClose: (listener) => { setImmediate(listener); },
});

/** What a page says of a host that is seen so, until it says what is expected. */
async function statesUntil(expected: LinkState, host: HostState): Promise<readonly LinkState[]> {
  const states: LinkState[] = [];
  const { promise, resolve } = Promise.withResolvers<readonly LinkState[]>();
  const link = linkEngine(refused, () => Promise.resolve(host));
  link.onState((state) => {
    states.push(state);
    if (state === expected) resolve(states);
  });
  const seen = await promise;
  link.close();
  return seen;
}

suite('a host that the page has lost', () => {
  test('one that refuses the page was started again: that is said at once', async () => {
    assert.deepEqual(await statesUntil('restarted', 'restarted'), ['connecting', 'lost', 'restarted']);
  });

  test('one that is not there for some seconds has ended, and until then its engine is said to come back', async () => {
    const startedMs = performance.now();
    const states = await statesUntil('ended', 'gone');
    assert.equal(states.at(-1), 'ended');
    assert.ok(states.slice(1, -1).every((state) => state === 'lost') && performance.now() - startedMs > 3000);
  });

  test('no try that fails puts back what is known of it', async () => {
    let last: LinkState = 'connecting';
    const link = linkEngine(refused, () => Promise.resolve('restarted'));
    const seen: LinkState[] = [];
    link.onState((state) => { seen.push(state); last = state; });
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    link.close();
    assert.deepEqual([last, seen.filter((state) => state === 'restarted').length], ['restarted', 1]);
  });

  test('where the host is there, its engine comes back: nothing has ended', () => {
    assert.deepEqual((['connecting', 'connected', 'lost', 'restarted', 'ended'] as const).filter(hasEnded), ['restarted', 'ended']);
  });
});
