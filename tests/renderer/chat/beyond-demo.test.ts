import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBeyondDemo } from '../../../renderer/chat/beyond-demo.ts';
import { card } from '../library/support.ts';

type State = Parameters<typeof isBeyondDemo>[0];
const videos = [card({ id: 'town', isPebbleTown: true }), card({ id: 'film', isPebbleTown: false })];
const model = (name: string): State['model'] => ({ name, state: 'ready', refusedProviders: [] }) as unknown as State['model'];

test('the demo model understands films of its town and no other; a real model is not doubted, nor one that is not known yet', () => {
  const beyond = (name: string | undefined, selectedVideoId: string | undefined): boolean => isBeyondDemo({ model: name === undefined ? undefined : model(name), videos, selectedVideoId });
  assert.deepEqual([beyond('demo', 'film'), beyond('demo', 'town'), beyond('demo', undefined)], [true, false, false]);
  assert.deepEqual([beyond('hour-llava-3b', 'film'), beyond(undefined, 'film')], [false, false]);
});
