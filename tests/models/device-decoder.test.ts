import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readCheckpoint } from '../../engine/checkpoint/checkpoint.ts';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import { gatedProduct } from '../../engine/graph/fused-operators.ts';
import { WeightFile } from '../../engine/graph/weight-file.ts';
import { layerProduct } from '../../engine/models/decoder-layers.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { WeightStore } from '../../engine/models/weight-store.ts';
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

test('a weight that is cut gives the numbers of the whole one, in whatever it is stored', async () => {
  const scratch = scratchDirectory('cut-weights');
  await writeCheckpoint(join(scratch, 'checkpoint'), tinySizes, { tensors: randomTensors(tinySizes), type: 'BF16' });
  const checkpoint = await readCheckpoint(join(scratch, 'checkpoint'));
  const { hidden, intermediate } = tinySizes;
  for (const format of ['float32', 'float16'] as const) {
    const file = await WeightFile.create(join(scratch, `${format}.weights`));
    const graph = new GraphBuilder('cut', '');
    const input = graph.input('rows', 'float32', ['rows', hidden]);
    for (const cut of [1, 4]) {
      const store = new WeightStore(checkpoint, file, format, { used: new Set() });
      const product = (name: string, inputs: number, outputs: number) => ({ ...layerProduct(1, `mlp.${name}`, inputs, outputs), key: `${name}_${String(cut)}` });
      const wide = await store.linear(graph, 'float32', input, { ...product('up_proj', hidden, intermediate), outputParts: cut });
      assert.deepEqual(wide.shape, cut === 1 ? ['rows', intermediate] : [cut, 'rows', intermediate / cut]);
      graph.output(`narrow_${String(cut)}`, await store.linear(graph, 'float32', wide, { ...product('down_proj', intermediate, hidden), inputParts: cut }));
    }
    await file.close();
    await writeFile(join(scratch, `${format}.onnx`), graph.encode());
    const session = await InferenceSession.create(join(scratch, `${format}.onnx`), { executionProviders: ['cpu'] });
    const results = await session.run({ rows: new Tensor('float32', wave(3 * hidden, 1.1), [3, hidden]) });
    const [whole, cut] = [results['narrow_1']?.data as Float32Array, results['narrow_4']?.data as Float32Array];
    assert.equal(cut.length, 3 * hidden);
    assert.ok(relativeDifference(cut, whole) < 1e-5, format);
    await session.release();
  }
  await checkpoint.close();
});

test('a decoder whose wide layer is cut answers on a device as on the host', async () => {
  const scratch = scratchDirectory('device-decoder');
  const sizes = { ...tinySizes, intermediate: 1024 };
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
  const [host, device] = logits;
  host?.forEach((expected, step) => { assert.ok(relativeDifference(device?.[step] ?? new Float32Array(), expected) < 1e-4, String(step)); });
});
