import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { byteLengthOf, shippedFolder, tensorsOf } from './checkpoint-layout.ts';
import { train, whyNotHere } from './python.ts';

test("the PyTorch modules compute what the authors' own compute", { skip: whyNotHere() }, () => {
  const report = z
    .record(z.string(), z.record(z.string(), z.number()))
    .parse(JSON.parse(train('golden', 'tests/fixtures/hour-llava-golden')));
  const { vision, ...cases } = report;
  assert.ok((vision?.['vision_features'] ?? 1) < 1e-4);
  assert.equal(Object.keys(cases).length, 6);
  for (const [name, figures] of Object.entries(cases)) {
    assert.equal(figures['positions'], 1, `${name}: positions`);
    assert.equal(figures['greedy'], 1, `${name}: greedy tokens`);
    for (const tensor of ['memaug_output', 'embeds_mean', 'last_logits'])
      assert.ok((figures[tensor] ?? 1) < 1e-3, `${name}: ${tensor} is off by ${String(figures[tensor])}`);
  }
});

test('the shipped checkpoint fits its 12 MiB and has the released names', () => {
  assert.ok(byteLengthOf(shippedFolder) <= 12 * 2 ** 20, `${byteLengthOf(shippedFolder)} bytes`);
  const names = [...tensorsOf(shippedFolder).keys()];
  for (const name of [
    'model.vision_tower.vision_tower.vision_model.post_layernorm.weight',
    'model.mm_projector.2.bias',
    'model.image_newline',
    'model.vision_resampler.layers.1.cross_attn.Wkv.weight',
    'model.layers.4.self_attn.o_proj.weight',
    'lm_head.weight',
  ])
    assert.ok(names.includes(name), name);
  assert.ok(!names.some((name) => name.startsWith('heads') || name.includes('card')));
});
