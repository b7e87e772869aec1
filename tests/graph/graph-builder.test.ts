import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PbfReader } from 'pbf';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { GraphBuilder } from '../../engine/graph/graph-builder.ts';
import { encodeModel } from '../../engine/graph/onnx-messages.ts';
import { elementwise, gemm } from '../../engine/graph/operators.ts';

test('two values of one name are refused', () => {
  const graph = new GraphBuilder('twice', '');
  graph.input('rows', 'float32', [1]);
  assert.throws(() => graph.input('rows', 'float32', [1]), (error) => isLongtakeError(error, 'internal'));
});

test('a constant whose bytes do not fill its shape is refused', () => {
  const graph = new GraphBuilder('short', '');
  assert.throws(() => graph.constant('weight', 'float32', [2, 3], new Uint8Array(20)), /takes 24/);
});

test('a product of matrices that do not fit is refused while the graph is written', () => {
  const graph = new GraphBuilder('misfit', '');
  const left = graph.input('left', 'float32', ['rows', 3]);
  const right = graph.input('right', 'float32', [4, 2]);
  assert.throws(() => gemm(graph, left, right), /Gemm cannot take/);
});

test('a value that leaves the graph twice is refused', () => {
  const graph = new GraphBuilder('out', '');
  const input = graph.input('rows', 'float32', [1]);
  const sum = elementwise(graph, 'Add', input, input);
  graph.output('first', sum);
  assert.throws(() => { graph.output('second', sum); }, /already leaves/);
});

test('offsets beyond four gigabytes and sizes beyond 32 bits survive the encoding', () => {
  const byteOffset = 5 * 2 ** 32 + 64;
  const size = 3 * 2 ** 32 + 1;
  const bytes = encodeModel({
    graphName: 'large', description: '', opsets: [], nodes: [], inputs: [], outputs: [], values: [],
    tensors: [{ name: 'weight', type: 'float32', shape: [size], data: { location: 'file.weights', byteOffset, byteLength: 4 * size } }],
  });
  const found = readTensor(bytes);
  assert.deepEqual(found, { sizes: [size], entries: { location: 'file.weights', offset: String(byteOffset), length: String(4 * size) } });
});

/** Sizes and external data of the only tensor of a model (onnx.proto3: ModelProto.graph 7, GraphProto.initializer 5). */
function readTensor(bytes: Uint8Array): { sizes: number[]; entries: Record<string, string> } {
  const sizes: number[] = [];
  const entries: Record<string, string> = {};
  const entry = (reader: PbfReader) => {
    const pair: string[] = [];
    reader.readMessage((tag) => { pair[tag] = reader.readString(); }, undefined);
    entries[pair[1] ?? ''] = pair[2] ?? '';
  };
  const reader = new PbfReader(bytes);
  reader.readFields((modelTag) => {
    if (modelTag !== 7) return;
    reader.readMessage((graphTag) => {
      if (graphTag !== 5) return;
      reader.readMessage((tensorTag) => {
        if (tensorTag === 1) reader.readPackedVarint(sizes);
        if (tensorTag === 13) entry(reader);
      }, undefined);
    }, undefined);
  }, undefined);
  return { sizes, entries };
}
