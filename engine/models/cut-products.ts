import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Dimension } from '../graph/onnx-messages.ts';
import { filled, matMul, reshape, transpose } from '../graph/operators.ts';

/**
 * NOTE parts. A step's product of one row has a workgroup of a device for each 32 outputs, which goes through all inputs by
 * itself, 32 at a time: a weight may be cut, so that more of them share that. Cut along its inputs, the products of the
 * parts are added up. Cut along its outputs, of each of the matrices that are joined in it a part has its share, and the
 * results lie as the inputs of a layer that is cut along those: nothing has to be laid out anew between the two.
 */

/** input [rows, inputs] times weight [parts, inputs, outputs]: [parts, rows, outputs]. */
export function productsSideBySide(graph: GraphBuilder, input: Value, weight: Value): Value {
  const [parts, , outputs] = weight.shape as [number, number, number];
  return matMul(graph, input, weight, [parts, input.shape[0] ?? 'rows', outputs]);
}

/**
 * input [parts, rows, inputs] times weight [parts, inputs, outputs], added up over the parts: [rows, outputs]. The sum is a
 * product with ones: of ReduceSum, WebGPU makes two kernels where the axis is not the last.
 */
export function sumOfProducts(graph: GraphBuilder, input: Value, weight: Value): Value {
  const [parts, , outputs] = weight.shape as [number, number, number];
  const rows = input.shape[1] ?? 'rows';
  const products = matMul(graph, input, weight, [parts, rows, outputs]);
  const elements = typeof rows === 'number' ? rows * outputs : `${rows}_of_${String(outputs)}`;
  const ones = filled(graph, weight.type as 'float32' | 'float16', [1, parts], 1);
  const sums = matMul(graph, ones, reshape(graph, products, [parts, -1], [parts, elements]), [1, elements]);
  return reshape(graph, sums, [-1, outputs], [rows, outputs]);
}

/** [rows, channels] as [parts, rows, channels / parts]; as it is where it already has three dimensions. */
export function inParts(graph: GraphBuilder, input: Value, parts: number): Value {
  if (input.shape.length === 3) return input;
  const [rows = 'rows', channels] = input.shape as [Dimension, number];
  const inner = channels / parts;
  return transpose(graph, reshape(graph, input, [-1, parts, inner], [rows, parts, inner]), [1, 0, 2]);
}
