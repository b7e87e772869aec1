import { PbfWriter } from 'pbf';
import { onnxCode } from './element-types.ts';
import type { ElementType } from './element-types.ts';

/** A fixed size, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

/** Bytes of a tensor inside an external file: ONNX keeps offsets as decimal text, so they have no 32-bit limit. */
export type StoredTensor = {
  /** File name, relative to the graph's folder. */
  readonly location: string;
  readonly byteOffset: number;
  readonly byteLength: number;
};

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export type TensorMessage = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | StoredTensor;
};

export type ValueMessage = { readonly name: string; readonly type: ElementType; readonly shape: readonly Dimension[] };

export type NodeMessage = {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
};

export type ModelMessage = {
  readonly graphName: string;
  /** What the graph is for, shown by model viewers. */
  readonly description: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly nodes: readonly NodeMessage[];
  readonly tensors: readonly TensorMessage[];
  readonly inputs: readonly ValueMessage[];
  readonly outputs: readonly ValueMessage[];
  /** What is known of the values between; may be empty. */
  readonly values: readonly ValueMessage[];
};

/** IR version 10 is the oldest that carries opset 21; newer ones would shut out older runtimes for nothing. */
const irVersion = 10;

/**
 * The bytes of an ONNX `ModelProto` (field numbers from onnx.proto3).
 * Only what this project writes is covered: no sub-graphs, no functions, no sparse tensors.
 */
export function encodeModel(model: ModelMessage): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, irVersion);
  writer.writeStringField(2, 'longtake');
  writer.writeMessage(7, writeGraph, model);
  for (const opset of model.opsets) {
    writer.writeMessage(8, (entry: typeof opset, message) => {
      message.writeStringField(1, entry.domain);
      message.writeVarintField(2, entry.version);
    }, opset);
  }
  return writer.finish();
}

function writeGraph(model: ModelMessage, writer: PbfWriter): void {
  for (const node of model.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, model.graphName);
  for (const tensor of model.tensors) writer.writeMessage(5, writeTensor, tensor);
  writer.writeStringField(10, model.description);
  for (const input of model.inputs) writer.writeMessage(11, writeValue, input);
  for (const output of model.outputs) writer.writeMessage(12, writeValue, output);
  for (const value of model.values) writer.writeMessage(13, writeValue, value);
}

function writeNode(node: NodeMessage, writer: PbfWriter): void {
  for (const name of node.inputs) writer.writeStringField(1, name);
  for (const name of node.outputs) writer.writeStringField(2, name);
  writer.writeStringField(3, node.name);
  writer.writeStringField(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.writeMessage(5, writeAttribute, { name, attribute });
  }
  writer.writeStringField(7, node.domain);
}

function writeAttribute({ name, attribute }: { name: string; attribute: Attribute }, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  switch (attribute.kind) {
    case 'float':
      writer.writeFloatField(2, attribute.value);
      writer.writeVarintField(20, 1);
      break;
    case 'int':
      writer.writeVarintField(3, attribute.value);
      writer.writeVarintField(20, 2);
      break;
    case 'string':
      writer.writeBytesField(4, new TextEncoder().encode(attribute.value));
      writer.writeVarintField(20, 3);
      break;
    case 'floats':
      writer.writePackedFloat(7, [...attribute.value]);
      writer.writeVarintField(20, 6);
      break;
    case 'ints':
      writer.writePackedVarint(8, [...attribute.value]);
      writer.writeVarintField(20, 7);
      break;
  }
}

function writeTensor(tensor: TensorMessage, writer: PbfWriter): void {
  if (tensor.shape.length > 0) writer.writePackedVarint(1, [...tensor.shape]);
  writer.writeVarintField(2, onnxCode(tensor.type));
  writer.writeStringField(8, tensor.name);
  if (tensor.data instanceof Uint8Array) {
    writer.writeBytesField(9, tensor.data);
    return;
  }
  const entries = {
    location: tensor.data.location,
    offset: String(tensor.data.byteOffset),
    length: String(tensor.data.byteLength),
  };
  for (const entry of Object.entries(entries)) {
    writer.writeMessage(13, ([key, value]: [string, string], message) => {
      message.writeStringField(1, key);
      message.writeStringField(2, value);
    }, entry);
  }
  writer.writeVarintField(14, 1); // DataLocation.EXTERNAL
}

function writeValue(value: ValueMessage, writer: PbfWriter): void {
  writer.writeStringField(1, value.name);
  writer.writeMessage(2, (outer: ValueMessage, typeMessage) => {
    typeMessage.writeMessage(1, (tensor: ValueMessage, tensorMessage) => {
      tensorMessage.writeVarintField(1, onnxCode(tensor.type));
      tensorMessage.writeMessage(2, writeShape, tensor.shape);
    }, outer);
  }, value);
}

function writeShape(shape: readonly Dimension[], writer: PbfWriter): void {
  for (const dimension of shape) {
    writer.writeMessage(1, (size: Dimension, message) => {
      if (typeof size === 'number') message.writeVarintField(1, size);
      else message.writeStringField(2, size);
    }, dimension);
  }
}
