import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generate } from '../../engine/runtime/generate.ts';
import { createSampler, greedySampling, type SamplingOptions } from '../../engine/runtime/sampling.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { fc } from '../support/properties.ts';

const sampled: SamplingOptions = { doSample: true, temperature: 0.7, topK: 20, topP: 0.8, repetitionPenalty: 1, seed: 7 };

suite('sampling', () => {
  test('greedy takes the largest logit, the first of equals', () => {
    assert.equal(createSampler(greedySampling).choose(Float32Array.of(1, 3, 3, 2), []), 1);
  });

  test('the same seed chooses the same tokens and another seed others', () => {
    const logits = Float32Array.from({ length: 50 }, (_, index) => Math.sin(index));
    const draw = (seed: number): number[] => {
      const sampler = createSampler({ ...sampled, topP: 1, temperature: 2, topK: 0, seed });
      return Array.from({ length: 40 }, () => sampler.choose(logits, []));
    };
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
  });

  test('top-k and top-p never let a token through that they cut', () => {
    fc.assert(fc.property(fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }), fc.integer(), (values, topK, seed) => {
        const logits = Float32Array.from(values);
        const chosen = createSampler({ ...sampled, topK, topP: 1, seed }).choose(logits, []);
        const better = values.filter((value) => Math.fround(value) > (logits[chosen] ?? 0)).length;
        assert.ok(better < topK);
      }));
    // One token holds almost all mass: top-p 0.8 leaves nothing else.
    const sampler = createSampler({ ...sampled, topK: 0 });
    for (let draw = 0; draw < 50; draw++) assert.equal(sampler.choose(Float32Array.of(0, 20, 0, 0), []), 1);
  });

  test('frequencies follow the softmax', () => {
    const sampler = createSampler({ ...sampled, temperature: 1, topK: 0, topP: 1 });
    const logits = Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.2));
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 20_000; draw++) {
      const token = sampler.choose(logits, []);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    [0.5, 0.3, 0.2].forEach((share, token) => assert.ok(Math.abs((counts[token] ?? 0) / 20_000 - share) < 0.02));
  });

  test('the repetition penalty pushes down what this answer already said', () => {
    const sampler = createSampler({ ...greedySampling, repetitionPenalty: 2 });
    assert.equal(sampler.choose(Float32Array.of(1, 1.5), [1]), 0);
    assert.equal(sampler.choose(Float32Array.of(-1, -0.8), [1]), 0);
  });
});

suite('generation', () => {
  const countTo = (stop: number): { logits: Float32Array; next: (id: number) => Promise<Float32Array>; steps: () => number } => {
    let steps = 0;
    const oneHot = (id: number): Float32Array => Float32Array.from({ length: 10 }, (_, index) => (index === id ? 1 : 0));
    return { logits: oneHot(0), next: (id) => { steps++; return Promise.resolve(oneHot(id + 1 === stop ? 9 : id + 1)); }, steps: () => steps };
  };
  const collect = async (iterable: AsyncIterable<number>): Promise<number[]> => {
    const ids: number[] = [];
    for await (const id of iterable) ids.push(id);
    return ids;
  };

  test('ends before a stop id', async () => {
    const ids = await collect(generate(countTo(4), { sampler: createSampler(greedySampling), stopIds: [9], maxNewTokens: 20 }));
    assert.deepEqual(ids, [0, 1, 2, 3]);
  });

  test('ends at the limit without a step for nothing', async () => {
    const state = countTo(9);
    const ids = await collect(generate(state, { sampler: createSampler(greedySampling), stopIds: [9], maxNewTokens: 3 }));
    assert.deepEqual(ids, [0, 1, 2]);
    assert.equal(state.steps(), 2);
  });

  test('can be stopped at any token', async () => {
    const controller = new AbortController();
    const ids: number[] = [];
    await assert.rejects(async () => {
      for await (const id of generate(countTo(9), {
        sampler: createSampler(greedySampling), stopIds: [9], maxNewTokens: 20, signal: controller.signal,
      })) {
        ids.push(id);
        if (ids.length === 2) controller.abort();
      }
    }, (error) => isLongtakeError(error, 'cancelled'));
    assert.deepEqual(ids, [0, 1]);
  });
});
