import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerNeeds } from '../../engine/models/memory-needs.ts';
import type { ModelSpec } from '../../engine/models/spec.ts';

test('an hour of the released models needs the keys and values that were worked out for them', () => {
  const spec = (keyHeads: number) => ({ text: { keyHeads, headSize: 128 }, memaugDepth: 4, weights: 'float16', files: [] }) as unknown as ModelSpec;
  assert.equal(answerNeeds(spec(2), 'float16', 234_000).crossMemoryBytes, 958_464_000);
  assert.equal(answerNeeds(spec(4), 'float16', 234_000).crossMemoryBytes, 1_916_928_000);
  assert.equal(answerNeeds(spec(2), 'float32', 234_000).crossMemoryBytes, 2 * 958_464_000);
});
