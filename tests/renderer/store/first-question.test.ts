import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineLink } from '../../../renderer/shell/engine-link.ts';
import type { Shell } from '../../../renderer/shell/shell.ts';
import { createAppStore } from '../../../renderer/store/app-store.ts';

/** An engine that takes the sample and is busy with it from then on. */
const link = {
  request: (method: string) => method === 'queue.addSample' ? Promise.resolve({ videoId: 'sample', jobId: 'job' }) : new Promise(() => undefined),
  subscribe: () => () => undefined, onState: () => () => undefined, close: () => undefined,
} as unknown as EngineLink;

suite('a question about the sample, before it is there', () => {
  test('it waits where it can be seen, in a narrow window too', async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    assert.equal(store.getState().tab, 'video');
    await store.getState().addSample('When does the cat appear?');
    const { selectedVideoId, waitingQuestion, tab } = store.getState();
    assert.deepEqual([selectedVideoId, waitingQuestion?.question, tab], ['sample', 'When does the cat appear?', 'conversation']);
  });

  test('without a question, the film is what is shown', async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    await store.getState().addSample();
    assert.equal(store.getState().tab, 'video');
  });
});
