import { LongtakeError } from '../protocol/errors.ts';
import { elementByteLength, elementCount } from './element-types.ts';
import type { ElementType } from './element-types.ts';
import { encodeModel } from './onnx-messages.ts';
import type { Attribute, Dimension, NodeMessage, StoredTensor, TensorMessage, ValueMessage } from './onnx-messages.ts';

/** A tensor inside a graph under construction: what an operator takes and returns. */
export type Value = { readonly name: string; readonly type: ElementType; readonly shape: readonly Dimension[] };

/** ONNX's own operators; the empty string is its name in the file format. */
export const standardDomain = '';
/** ONNX Runtime's fused operators. */
export const contribDomain = 'com.microsoft';

const opsets = [{ domain: standardDomain, version: 21 }, { domain: contribDomain, version: 1 }];

export type NodeRequest = {
  readonly operator: string;
  readonly domain?: string;
  /** `undefined` leaves an optional input out. */
  readonly inputs: readonly (Value | undefined)[];
  /** `undefined` leaves an optional output out. */
  readonly outputs: readonly ({ readonly type: ElementType; readonly shape: readonly Dimension[] } | undefined)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
};

/**
 * Collects one ONNX graph. It knows no operator (those are in `operators.ts`) and no model;
 * it names values, checks what can be checked without knowing operators, and encodes the file.
 */
export class GraphBuilder {
  readonly name: string;
  readonly #description: string;
  readonly #nodes: NodeMessage[] = [];
  readonly #tensors: TensorMessage[] = [];
  readonly #inputs: ValueMessage[] = [];
  readonly #outputs: ValueMessage[] = [];
  /** Outputs of nodes; empty unless their shapes are told. */
  readonly #values: ValueMessage[] = [];
  readonly #tellsShapes: boolean;
  readonly #names = new Set<string>();
  /** Names of graph outputs by the name that their node gave them. */
  readonly #aliases = new Map<string, string>();

  /**
   * `tellsShapes` writes the shapes of all values into the file. ONNX Runtime's planner then lets values of one shape
   * take turns in one buffer, also where a size is only a name: such a name has to stand for one number in a run.
   */
  constructor(name: string, description: string, { tellsShapes = false }: { readonly tellsShapes?: boolean } = {}) {
    this.name = name;
    this.#description = description;
    this.#tellsShapes = tellsShapes;
  }

  /** Declares a graph input. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    const value = { name: this.#claim(name), type, shape };
    this.#inputs.push(value);
    return value;
  }

  /**
   * Declares that `value` leaves the graph under `name`. The value is renamed where it is made: an Identity node
   * instead would stand between an operator and the buffer that the caller hands in for its result.
   */
  output(name: string, value: Value): void {
    if (this.#aliases.has(value.name)) throw new LongtakeError('internal', `${value.name} already leaves the graph.`);
    this.#aliases.set(value.name, this.#claim(name));
    this.#outputs.push({ name, type: value.type, shape: value.shape });
  }

  /** A small tensor kept inside the graph file; `bytes` are little-endian, row-major. */
  constant(name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): Value {
    this.#checkByteLength(name, type, shape, bytes.byteLength);
    return this.#addTensor({ name: this.#claim(name), type, shape, data: bytes });
  }

  /** A tensor in an external file, already written. */
  stored(name: string, type: ElementType, shape: readonly number[], data: StoredTensor): Value {
    this.#checkByteLength(name, type, shape, data.byteLength);
    return this.#addTensor({ name: this.#claim(name), type, shape, data });
  }

  /** Adds a node and returns its first output. */
  node(request: NodeRequest): Value {
    const [first] = this.nodes(request);
    if (first === undefined) throw new LongtakeError('internal', `${request.operator} has no first output.`);
    return first;
  }

  /** Adds a node and returns all its outputs, in order. */
  nodes(request: NodeRequest): (Value | undefined)[] {
    const nodeName = `${request.operator}_${String(this.#nodes.length)}`;
    const outputs = request.outputs.map((output, index) => output === undefined ? undefined : {
      name: this.#claim(`${nodeName}_${String(index)}`),
      ...output,
    });
    if (this.#tellsShapes) this.#values.push(...outputs.filter((output) => output !== undefined));
    this.#nodes.push({
      name: nodeName,
      operator: request.operator,
      domain: request.domain ?? standardDomain,
      inputs: trimmed(request.inputs.map((input) => input?.name ?? '')),
      outputs: trimmed(outputs.map((output) => output?.name ?? '')),
      attributes: request.attributes ?? {},
    });
    return outputs;
  }

  /** The bytes of the `.onnx` file. */
  encode(): Uint8Array {
    const outside = (name: string) => this.#aliases.get(name) ?? name;
    return encodeModel({
      graphName: this.name,
      description: this.#description,
      opsets,
      nodes: this.#nodes.map((node) => ({
        ...node, inputs: node.inputs.map(outside), outputs: node.outputs.map(outside),
      })),
      tensors: this.#tensors,
      inputs: this.#inputs,
      outputs: this.#outputs,
      values: this.#values.filter(({ name }) => !this.#aliases.has(name)),
    });
  }

  #addTensor(tensor: TensorMessage): Value {
    this.#tensors.push(tensor);
    return { name: tensor.name, type: tensor.type, shape: tensor.shape };
  }

  #claim(name: string): string {
    if (this.#names.has(name)) {
      throw new LongtakeError('internal', `Graph ${this.name} names two values "${name}".`, { graph: this.name, name });
    }
    this.#names.add(name);
    return name;
  }

  #checkByteLength(name: string, type: ElementType, shape: readonly number[], byteLength: number): void {
    const expected = elementCount(shape) * elementByteLength(type);
    if (byteLength === expected) return;
    throw new LongtakeError('internal',
      `Tensor ${name} of graph ${this.name} has ${String(byteLength)} bytes; ${type} [${shape.join(', ')}] takes ${String(expected)}.`,
      { graph: this.name, name, byteLength, expected });
  }
}

/** Trailing empty names are optional operands left out: the format drops them. */
function trimmed(names: readonly string[]): string[] {
  let length = names.length;
  while (length > 0 && names[length - 1] === '') length -= 1;
  return names.slice(0, length);
}
