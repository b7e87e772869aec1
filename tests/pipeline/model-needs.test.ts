import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../engine/models/catalogue.ts';
import { modelNeeds } from '../../engine/pipeline/model-needs.ts';

const machine = { freeDiskBytes: 1e12, memoryBytes: 64e9, ownKernels: false };
const shape = catalogue.find(({ name }) => name === 'hour-llava-3b')?.shape ?? assert.fail('the catalogue has Hour-LLaVA-3B');

test('graphics memory is what those take who compute answers here; RAM is ONNX Runtime\'s either way', () => {
  for (const weights of ['float16', 'int8', 'int4'] as const) {
    const [graphs, kernels] = [false, true].map((ownKernels) => modelNeeds(shape, weights, 0, { ...machine, ownKernels }));
    assert.ok(graphs !== undefined && kernels !== undefined);
    assert.ok(kernels.graphicsMemoryBytes < 0.9 * graphs.graphicsMemoryBytes, `${weights}: ${String(kernels.graphicsMemoryBytes)} of ${String(graphs.graphicsMemoryBytes)}`);
    assert.equal(kernels.memoryBytes, graphs.memoryBytes);
  }
  // Measured on a card (docs/models.md): 8.70 GB in float16, 4.19 to 4.37 in int4.
  const measured = { float16: 8.7e9, int4: 4.28e9 };
  for (const [weights, bytes] of Object.entries(measured) as [keyof typeof measured, number][]) {
    const { graphicsMemoryBytes } = modelNeeds(shape, weights, 0, { ...machine, ownKernels: true });
    assert.ok(Math.abs(graphicsMemoryBytes / bytes - 1) < 0.1, weights);
  }
});

test('our own kernels compute in halves: float32 weights need no less for them', () => {
  const [without, together] = [false, true].map((ownKernels) => modelNeeds(shape, 'float32', 0, { ...machine, ownKernels }).graphicsMemoryBytes);
  assert.equal(without, together);
});
