import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import { gatedProduct } from '../../engine/graph/fused-operators.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { openHourLlava } from '../../engine/runtime/hour-llava.ts';
import type { Device } from '../../engine/runtime/session.ts';
import { randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { largestDifference, runGraph, wave } from '../graph/run-graph.ts';
import { ask, prompt, relativeDifference } from '../runtime/tiny-model.ts';
import { scratchDirectory } from '../support/scratch.ts';

test('the normalisation that multiplies by the gate is no normalisation, however large or small its input', async () => {
  for (const size of [1e-3, 1, 1e3]) {
    const graph = new GraphBuilder('gated', '');
    const [gate, up] = ['gate', 'up'].map((name) => graph.input(name, 'float32', ['rows', 96]));
    if (gate === undefined || up === undefined) throw new Error('two inputs');
    graph.output('product', gatedProduct(graph, gate, up));
    const [gates, ups] = [wave(5 * 96, 0.7).map((value) => 6 * value), wave(5 * 96, 1.9).map((value) => size * value)];
    const { product } = await runGraph(graph, { gate: new Tensor('float32', gates, [5, 96]), up: new Tensor('float32', ups, [5, 96]) });
    const expected = gates.map((value, index) => value / (1 + Math.exp(-value)) * (ups[index] as number));
    assert.ok(largestDifference(product?.data as Float32Array, expected) < 1e-6 * 6 * size, String(size));
  }
});

test('products in parts, as a device has them, give the logits of whole ones', async () => {
  const scratch = scratchDirectory('device-decoder');
  const sizes = { ...tinySizes, hidden: 1024, intermediate: 4096, heads: 8, layers: 2, memaugDepth: 1 };
  await writeCheckpoint(join(scratch, 'checkpoint'), sizes, { tensors: randomTensors(sizes) });
  await buildModelPackage(join(scratch, 'checkpoint'), join(scratch, 'package'), { weights: 'float32' });
  const logits: Float32Array[][] = [];
  for (const keepsTensors of [false, true]) {
    const device: Device = { provider: 'cpu', compute: 'float32', attention: keepsTensors ? 'plain' : 'fused', keepsTensors, threads: 1 };
    const model = await openHourLlava(join(scratch, 'package'), { device });
    const generation = await ask(model, 4, prompt(30, 31));
    logits.push([generation.logits, await generation.next(40), await generation.next(41)]);
    generation.dispose();
    await model.dispose();
  }
  const [whole, parts] = logits;
  whole?.forEach((expected, step) => { assert.ok(relativeDifference(parts?.[step] ?? new Float32Array(), expected) < 1e-4, String(step)); });
});
