import { LongtakeError } from '../protocol/errors.ts';
import type { ElementType } from './element-types.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import type { Dimension } from './onnx-messages.ts';

/**
 * ONNX's own operators (opset 21), each with its shape rule. Shapes stand as `[rows, channels]` comments:
 * graphs here work on token rows, because `Gemm` fuses the bias and the batch is always one.
 */

/** `left · right (+ bias)`; [rows, inner] × [inner, columns], or right [columns, inner] where `transposed`. */
export function gemm(graph: GraphBuilder, left: Value, right: Value, bias?: Value, transposed = false): Value {
  const inner = right.shape[transposed ? 1 : 0];
  const columns = right.shape[transposed ? 0 : 1];
  if (left.shape.length !== 2 || right.shape.length !== 2 || left.shape[1] !== inner || columns === undefined) {
    throw shapeError(graph, 'Gemm', left, right);
  }
  return graph.node({
    operator: 'Gemm',
    inputs: [left, right, bias],
    outputs: [{ type: left.type, shape: [dimension(left, 0), columns] }],
    attributes: transposed ? { transB: { kind: 'int', value: 1 } } : {},
  });
}

/** Batched matrix product over the last two dimensions, without bias. */
export function matMul(graph: GraphBuilder, left: Value, right: Value, shape: readonly Dimension[]): Value {
  return graph.node({ operator: 'MatMul', inputs: [left, right], outputs: [{ type: left.type, shape }] });
}

/** Element by element; the result has the first operand's shape. */
export function elementwise(graph: GraphBuilder, operator: 'Add' | 'Sub' | 'Mul' | 'Div', left: Value, right: Value): Value {
  return graph.node({ operator, inputs: [left, right], outputs: [{ type: left.type, shape: left.shape }] });
}

/** GELU: `none` is the exact one with erf, `tanh` its approximation (PyTorch's `gelu_pytorch_tanh`). */
export function gelu(graph: GraphBuilder, input: Value, approximate: 'none' | 'tanh'): Value {
  return graph.node({
    operator: 'Gelu',
    inputs: [input],
    outputs: [{ type: input.type, shape: input.shape }],
    attributes: { approximate: { kind: 'string', value: approximate } },
  });
}

export function sigmoid(graph: GraphBuilder, input: Value): Value {
  return graph.node({ operator: 'Sigmoid', inputs: [input], outputs: [{ type: input.type, shape: input.shape }] });
}

/** Softmax over the last dimension. */
export function softmax(graph: GraphBuilder, input: Value): Value {
  return graph.node({
    operator: 'Softmax', inputs: [input], outputs: [{ type: input.type, shape: input.shape }],
    attributes: { axis: { kind: 'int', value: -1 } },
  });
}

/** Normalisation over the last dimension, with scale and bias. */
export function layerNormalization(graph: GraphBuilder, input: Value, scale: Value, bias: Value, epsilon: number): Value {
  return graph.node({
    operator: 'LayerNormalization',
    inputs: [input, scale, bias],
    outputs: [{ type: input.type, shape: input.shape }],
    attributes: { axis: { kind: 'int', value: -1 }, epsilon: { kind: 'float', value: epsilon } },
  });
}

export function cast(graph: GraphBuilder, input: Value, type: ElementType): Value {
  if (input.type === type) return input;
  const code = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 }[type];
  return graph.node({
    operator: 'Cast', inputs: [input], outputs: [{ type, shape: input.shape }],
    attributes: { to: { kind: 'int', value: code } },
  });
}

/**
 * Reshapes to `target`, whose entries may be 0 (copy the size) and −1 (whatever is left);
 * `shape` is the result as the rest of the graph is to see it.
 */
export function reshape(graph: GraphBuilder, input: Value, target: readonly number[], shape: readonly Dimension[]): Value {
  const key = `shape_${target.join('_').replaceAll('-', 'm')}`;
  const targetValue = sharedInt64(graph, key, target);
  return graph.node({ operator: 'Reshape', inputs: [input, targetValue], outputs: [{ type: input.type, shape }] });
}

export function transpose(graph: GraphBuilder, input: Value, order: readonly number[]): Value {
  return graph.node({
    operator: 'Transpose',
    inputs: [input],
    outputs: [{ type: input.type, shape: order.map((axis) => dimension(input, axis)) }],
    attributes: { perm: { kind: 'ints', value: order } },
  });
}

/** Joins along `axis`; `size` is the joint size there. */
export function concat(graph: GraphBuilder, inputs: readonly Value[], axis: number, size: Dimension): Value {
  const [first] = inputs;
  if (first === undefined) throw new LongtakeError('internal', `Graph ${graph.name} joins nothing.`);
  const shape = first.shape.map((old, index) => index === axis ? size : old);
  return graph.node({
    operator: 'Concat', inputs, outputs: [{ type: first.type, shape }],
    attributes: { axis: { kind: 'int', value: axis } },
  });
}

/** Rows `indices` of the first dimension. */
export function gatherRows(graph: GraphBuilder, input: Value, indices: Value): Value {
  return graph.node({
    operator: 'Gather',
    inputs: [input, indices],
    outputs: [{ type: input.type, shape: [...indices.shape, ...input.shape.slice(1)] }],
    attributes: { axis: { kind: 'int', value: 0 } },
  });
}

/** Elements `start` to `end` (exclusive; negative counts from the end) of one axis. */
export function slice(graph: GraphBuilder, input: Value, axis: number, start: number, end: number, size: Dimension): Value {
  const bounds = [start, end, axis].map((value) => sharedInt64(graph, `at_${String(value).replaceAll('-', 'm')}`, [value]));
  return graph.node({
    operator: 'Slice', inputs: [input, ...bounds],
    outputs: [{ type: input.type, shape: input.shape.map((old, index) => index === axis ? size : old) }],
  });
}

/** `start` as int32 [1]; it and its successor `end`, int32 [], may be numbers of the host: no tensor has to be fed to a device. */
export function oneIndex(graph: GraphBuilder, start: Value, end: Value): Value {
  const step = shared(graph, 'index_step', () => graph.constant('index_step', 'int32', [], new Uint8Array(Int32Array.of(1).buffer)));
  return graph.node({ operator: 'Range', inputs: [start, end, step], outputs: [{ type: 'int32', shape: [1] }] });
}

/**
 * Column `start` of a matrix as a row, or none where `end` is `start`: [columns, rows]. Both are int64 [1] and may be numbers
 * of the host.
 */
export function columnAsRow(graph: GraphBuilder, matrix: Value, start: Value, end: Value, columns: Dimension): Value {
  const rows = matrix.shape[0] as number;
  const axis = sharedInt64(graph, 'axis_1', [1]);
  const column = graph.node({ operator: 'Slice', inputs: [matrix, start, end, axis], outputs: [{ type: matrix.type, shape: [rows, columns] }] });
  return reshape(graph, column, [-1, rows], [columns, rows]);
}

/** Splits the last dimension into parts of the given sizes. */
export function split(graph: GraphBuilder, input: Value, sizes: readonly number[]): Value[] {
  const axis = input.shape.length - 1;
  const sizesValue = sharedInt64(graph, `sizes_${sizes.join('_')}`, sizes);
  const outputs = sizes.map((size) => ({ type: input.type, shape: [...input.shape.slice(0, -1), size] }));
  return graph.nodes({
    operator: 'Split', inputs: [input, sizesValue], outputs, attributes: { axis: { kind: 'int', value: axis } },
  }).filter((value) => value !== undefined);
}

/** Splits the last dimension in two where int64 `sizes` [2] says so when the graph runs. */
export function splitAt(graph: GraphBuilder, input: Value, sizes: Value, names: readonly [string, string]): [Value, Value] {
  const outputs = names.map((size) => ({ type: input.type, shape: [...input.shape.slice(0, -1), size] }));
  const [first, second] = graph.nodes({
    operator: 'Split', inputs: [input, sizes], outputs, attributes: { axis: { kind: 'int', value: -1 } },
  });
  return [first as Value, second as Value];
}

/** int64 [1]: the size of one dimension when the graph runs. */
export function dimensionOf(graph: GraphBuilder, input: Value, axis: number): Value {
  return graph.node({
    operator: 'Shape', inputs: [input], outputs: [{ type: 'int64', shape: [1] }],
    attributes: { start: { kind: 'int', value: axis }, end: { kind: 'int', value: axis + 1 } },
  });
}

/** A float32 scalar kept in the graph. */
export function scalar(graph: GraphBuilder, name: string, type: 'float32' | 'float16', value: number): Value {
  const data = type === 'float32' ? new Float32Array([value]) : new Float16Array([value]);
  return graph.constant(name, type, [], new Uint8Array(data.buffer));
}

/** A tensor of one number, kept in the graph; one for all who want the same. */
export function filled(graph: GraphBuilder, type: 'float32' | 'float16', shape: readonly number[], value: number): Value {
  const key = `filled_${String(value)}_${shape.join('_')}_${type}`;
  const count = shape.reduce((product, size) => product * size, 1);
  const data = type === 'float32' ? new Float32Array(count).fill(value) : new Float16Array(count).fill(value);
  return shared(graph, key, () => graph.constant(key, type, shape, new Uint8Array(data.buffer)));
}

const sharedConstants = new WeakMap<GraphBuilder, Map<string, Value>>();

/** Shapes, axes and bounds recur: one constant each a graph. */
function sharedInt64(graph: GraphBuilder, key: string, values: readonly number[]): Value {
  const data = BigInt64Array.from(values, BigInt);
  return shared(graph, key, () => graph.constant(key, 'int64', [values.length], new Uint8Array(data.buffer)));
}

function shared(graph: GraphBuilder, key: string, create: () => Value): Value {
  const constants = sharedConstants.get(graph) ?? new Map<string, Value>();
  sharedConstants.set(graph, constants);
  const known = constants.get(key) ?? create();
  constants.set(key, known);
  return known;
}

function dimension(value: Value, axis: number): Dimension {
  const size = value.shape[axis];
  if (size === undefined) throw new LongtakeError('internal', `${value.name} has no dimension ${String(axis)}.`);
  return size;
}

function shapeError(graph: GraphBuilder, operator: string, ...values: readonly Value[]): LongtakeError {
  const shapes = values.map((value) => `${value.name} [${value.shape.join(', ')}]`).join(' and ');
  return new LongtakeError('internal', `Graph ${graph.name}: ${operator} cannot take ${shapes}.`);
}
