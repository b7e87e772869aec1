import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { laneContents } from '../../../renderer/timeline/scene-of.ts';

type State = Parameters<typeof laneContents>[0];

const memory = { subtitleTracks: 0 } as State['memory'];
const lookedAt = { binSeconds: 1, share: [1] };
const model = (hasMemaug: boolean): State['models'] => [{ inUse: false, hasMemaug: true }, { inUse: true, hasMemaug }] as unknown as State['models'];
const hasLane = (change: Partial<State>): boolean => laneContents({ chapters: undefined, memory, video: undefined, subtitleTracks: [], lookedAt: undefined, models: model(true), ...change }).lookedAt;

suite('the lane of what was looked at', () => {
  test('is there with a memory, for the answers to come', () => {
    assert.deepEqual([hasLane({}), hasLane({ memory: undefined })], [true, false]);
    assert.equal(hasLane({ models: [] }), true, 'before the engine has said what is installed');
  });

  test('is absent with a model that looks at nothing, unless an answer of another one is shown', () => {
    assert.deepEqual([hasLane({ models: model(false) }), hasLane({ models: model(false), lookedAt })], [false, true]);
  });
});
