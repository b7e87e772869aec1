import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { matMulNBits } from '../../engine/graph/fused-operators.ts';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import { dequantizeBlocks, quantizeBlocks, quantizationBlockSize } from '../../engine/graph/quantization.ts';
import { largestDifference, runGraph, wave } from './run-graph.ts';
import { fc, runs } from '../support/properties.ts';

const matrices = fc.record({ outputs: fc.integer({ min: 1, max: 5 }), inputs: fc.integer({ min: 1, max: 100 }) })
  .chain(({ outputs, inputs }) => fc.record({
    outputs: fc.constant(outputs),
    inputs: fc.constant(inputs),
    values: fc.float32Array({ minLength: outputs * inputs, maxLength: outputs * inputs, noNaN: true, min: -100, max: 100 }),
  }));

for (const bits of [4, 8] as const) {
  test(`a weight quantised to ${String(bits)} bits comes back within one step of its block`, () => {
    fc.assert(fc.property(matrices, ({ outputs, inputs, values }) => {
      const matrix = quantizeBlocks(values, outputs, inputs, bits);
      const back = dequantizeBlocks(matrix, outputs, inputs, bits);
      values.forEach((value, index) => {
        const block = Math.floor(index / inputs) * matrix.blocks + Math.floor((index % inputs) / quantizationBlockSize);
        const step = Math.abs(matrix.scales[block] ?? 0);
        assert.ok(Math.abs(value - (back[index] ?? NaN)) <= step * 1.0001 + 1e-30, `${String(value)} became ${String(back[index])}`);
      });
    }), { numRuns: runs(60) });
  });

  test(`the largest weight of a block is kept exactly at ${String(bits)} bits`, () => {
    const values = Float32Array.from({ length: 32 }, (_, index) => index === 7 ? -8 : index / 8);
    assert.equal(dequantizeBlocks(quantizeBlocks(values, 1, 32, bits), 1, 32, bits)[7], -8);
  });

  test(`ONNX Runtime reads the ${String(bits)}-bit layout as it is written`, async () => {
    const [rows, inputs, outputs] = [3, 80, 7];
    const weight = wave(outputs * inputs, 0.37);
    const matrix = quantizeBlocks(weight, outputs, inputs, bits);
    const graph = new GraphBuilder('quantised', '');
    const input = graph.input('input', 'float32', ['rows', inputs]);
    const bytesPerBlock = quantizationBlockSize * bits / 8;
    graph.output('output', matMulNBits(graph, input, {
      codes: graph.constant('codes', 'uint8', [outputs, matrix.blocks, bytesPerBlock], matrix.codes),
      scales: graph.constant('scales', 'float32', [outputs * matrix.blocks], new Uint8Array(matrix.scales.buffer)),
      bits, blockSize: quantizationBlockSize, activations: 'float32', inputs, outputs,
    }));
    const values = wave(rows * inputs, 0.11);
    const results = await runGraph(graph, { input: new Tensor('float32', values, [rows, inputs]) });
    const dequantized = dequantizeBlocks(matrix, outputs, inputs, bits);
    const expected = Float64Array.from({ length: rows * outputs }, (_, place) => {
      const row = Math.floor(place / outputs) * inputs;
      const column = (place % outputs) * inputs;
      let sum = 0;
      for (let index = 0; index < inputs; index += 1) sum += (values[row + index] ?? 0) * (dequantized[column + index] ?? 0);
      return sum;
    });
    assert.ok(largestDifference(results.output?.data as Float32Array, expected) < 1e-4);
  });
}
