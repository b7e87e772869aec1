import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readCheckpoint } from '../../engine/checkpoint/checkpoint.ts';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import type { Value } from '../../engine/graph/graph-builder.ts';
import { gatedProduct } from '../../engine/graph/fused-operators.ts';
import { elementwise, split } from '../../engine/graph/operators.ts';
import { WeightFile } from '../../engine/graph/weight-file.ts';
import { ConversionThreads } from '../../engine/models/conversion-threads.ts';
import { layerProduct } from '../../engine/models/decoder-layers.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { WeightStore } from '../../engine/models/weight-store.ts';
import type { LinearRequest } from '../../engine/models/linear-request.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
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

test('weights that are cut give the numbers of whole ones, in whatever they are stored', async () => {
  const scratch = scratchDirectory('cut-weights');
  await writeCheckpoint(join(scratch, 'checkpoint'), tinySizes, { tensors: randomTensors(tinySizes), type: 'BF16' });
  const checkpoint = await readCheckpoint(join(scratch, 'checkpoint'));
  const { hidden, intermediate } = tinySizes;
  const [gate, up, down] = [layerProduct(1, 'mlp.gate_proj', hidden, intermediate), layerProduct(1, 'mlp.up_proj', hidden, intermediate), layerProduct(1, 'mlp.down_proj', intermediate, hidden)];
  await using threads = new ConversionThreads({ threads: 0 });
  for (const format of ['float32', 'float16'] as const) {
    const file = await WeightFile.create(join(scratch, `${format}.weights`));
    const graph = new GraphBuilder('cut', '');
    const input = graph.input('rows', 'float32', ['rows', hidden]);
    const store = new WeightStore(checkpoint, file, format, { used: new Set(), threads });
    const product = (key: string, request: LinearRequest, rows: Value) => store.linear(graph, 'float32', rows, { ...request, key });
    // Two matrices joined and cut along their outputs, then one cut along its inputs.
    const joined = await product('joined', { ...gate, parts: [...gate.parts, ...up.parts], outputParts: 4 }, input);
    assert.deepEqual(joined.shape, [4, 'rows', intermediate / 2]);
    const [gateParts, upParts] = split(graph, joined, [intermediate / 4, intermediate / 4]) as [Value, Value];
    graph.output('cut', await product('down_cut', { ...down, inputParts: 4 }, elementwise(graph, 'Mul', gateParts, upParts)));
    const whole = elementwise(graph, 'Mul', await product('gate', gate, input), await product('up', up, input));
    graph.output('whole', await product('down', down, whole));
    graph.output('laid_out', await product('down_laid_out', { ...down, inputParts: 2 }, whole));
    await file.close();
    await writeFile(join(scratch, `${format}.onnx`), graph.encode());
    const session = await InferenceSession.create(join(scratch, `${format}.onnx`), { executionProviders: ['cpu'] });
    const results = await session.run({ rows: new Tensor('float32', wave(3 * hidden, 1.1), [3, hidden]) });
    const numbers = (name: string) => results[name]?.data as Float32Array;
    assert.equal(numbers('whole').length, 3 * hidden);
    for (const name of ['cut', 'laid_out']) assert.ok(relativeDifference(numbers(name), numbers('whole')) < 1e-5, `${format}: ${name}`);
    await session.release();
  }
  await checkpoint.close();
});

test('a decoder whose wide layer is cut for a device answers there as on the host', async () => {
  const scratch = scratchDirectory('device-decoder');
  const sizes = { ...tinySizes, intermediate: 1024 };
  await writeCheckpoint(join(scratch, 'checkpoint'), sizes, { tensors: randomTensors(sizes) });
  for (const weights of ['float32', 'float16'] as const) {
    const packageDirectory = join(scratch, weights);
    await buildModelPackage(join(scratch, 'checkpoint'), packageDirectory, { weights });
    const logits: Float32Array[][] = [];
    for (const keepsTensors of [false, true]) {
      const device: Device = { provider: 'cpu', compute: 'float32', attention: keepsTensors ? 'plain' : 'fused', keepsTensors, threads: 1 };
      const model = await openVideoModel(packageDirectory, { device });
      const generation = await ask(model, 4, prompt(30, 31));
      logits.push([generation.logits, await generation.next(40), await generation.next(41)]);
      generation.dispose();
      await model.dispose();
    }
    const [host, device] = logits;
    host?.forEach((expected, step) => { assert.ok(relativeDifference(device?.[step] ?? new Float32Array(), expected) < 1e-4, `${weights}, step ${String(step)}`); });
  }
});
