import type { GraphBuilder, Value } from './graph-builder.ts';
import { contribDomain } from './graph-builder.ts';
import type { Attribute, Dimension } from './onnx-messages.ts';
import { filled } from './operators.ts';

/** ONNX Runtime's fused operators (domain com.microsoft), as its ContribOperators page defines them. */

/** Root-mean-square normalisation over the last dimension. */
export function rmsNormalization(graph: GraphBuilder, input: Value, scale: Value, epsilon: number): Value {
  return graph.node({
    // Registered under ONNX's own domain, for history's sake.
    operator: 'SimplifiedLayerNormalization',
    inputs: [input, scale],
    outputs: [{ type: input.type, shape: input.shape }],
    attributes: { axis: { kind: 'int', value: -1 }, epsilon: { kind: 'float', value: epsilon } },
  });
}

/** `sum = input + skip` and its root-mean-square normalisation, in one pass. */
export function skipRmsNormalization(
  graph: GraphBuilder, input: Value, skip: Value, scale: Value, epsilon: number,
): { normalized: Value; sum: Value } {
  const output = { type: input.type, shape: input.shape };
  const [normalized, , , sum] = graph.nodes({
    operator: 'SkipSimplifiedLayerNormalization',
    domain: contribDomain,
    inputs: [input, skip, scale],
    outputs: [output, undefined, undefined, output],
    attributes: { epsilon: { kind: 'float', value: epsilon } },
  });
  return { normalized: normalized as Value, sum: sum as Value };
}

/** `sum = input + skip` and its layer normalisation, in one pass; a post-norm residual needs only `normalized`. */
export function skipLayerNormalization(
  graph: GraphBuilder, input: Value, skip: Value, scale: Value, bias: Value, epsilon: number,
): { normalized: Value; sum: Value } {
  const output = { type: input.type, shape: input.shape };
  const [normalized, , , sum] = graph.nodes({
    operator: 'SkipLayerNormalization',
    domain: contribDomain,
    inputs: [input, skip, scale, bias],
    outputs: [output, undefined, undefined, output],
    attributes: { epsilon: { kind: 'float', value: epsilon } },
  });
  return { normalized: normalized as Value, sum: sum as Value };
}

/**
 * Attention without a mask. query [batch, queries, heads · headSize], key and value [batch, keys, heads · headSize].
 * The scores are not materialised on the CPU (ONNX Runtime blocks over the keys with a running softmax).
 */
export function multiHeadAttention(graph: GraphBuilder, query: Value, key: Value, value: Value, heads: number): Value {
  return graph.node({
    operator: 'MultiHeadAttention',
    domain: contribDomain,
    inputs: [query, key, value],
    outputs: [{ type: query.type, shape: query.shape }],
    attributes: { num_heads: { kind: 'int', value: heads } },
  });
}

/**
 * Rotates the first `rotarySize` channels of every head by halves (GPT-NeoX order).
 * input [1, rows, heads · headSize]; cosine and sine [rows, rotarySize / 2], one row per row of the input.
 */
export function rotaryEmbedding(
  graph: GraphBuilder, input: Value, firstRow: Value, cosine: Value, sine: Value, heads: number, rotarySize: number,
): Value {
  return graph.node({
    operator: 'RotaryEmbedding',
    domain: contribDomain,
    inputs: [input, firstRow, cosine, sine],
    outputs: [{ type: input.type, shape: input.shape }],
    attributes: {
      interleaved: { kind: 'int', value: 0 },
      num_heads: { kind: 'int', value: heads },
      rotary_embedding_dim: { kind: 'int', value: rotarySize },
    },
  });
}

export type GroupedQueryOptions = {
  /** Queries, keys and values side by side, [1, rows, (heads + 2 · keyHeads) · headSize]. */
  readonly packed: Value;
  readonly headSize: number;
  readonly pastKey: Value; // [1, keyHeads, capacity, headSize]
  readonly pastValue: Value;
  /** int32 [1]: index of the last token, all tokens so far minus one. */
  readonly lastIndex: Value;
  /** int32 [1]: all tokens so far. */
  readonly totalLength: Value;
  readonly cosine: Value; // [positions, headSize / 2]
  readonly sine: Value;
  readonly heads: number;
  readonly keyHeads: number;
  readonly presentLength: Dimension;
};

/** Causal grouped-query attention that rotates queries and keys by position and appends to the cache. */
export function groupQueryAttention(
  graph: GraphBuilder, options: GroupedQueryOptions,
): { output: Value; presentKey: Value; presentValue: Value } {
  const { packed, pastKey, pastValue, lastIndex, totalLength, cosine, sine } = options;
  const present = {
    type: pastKey.type,
    shape: pastKey.shape.map((size, axis) => axis === 2 ? options.presentLength : size),
  };
  const [output, presentKey, presentValue] = graph.nodes({
    operator: 'GroupQueryAttention',
    domain: contribDomain,
    inputs: [packed, undefined, undefined, pastKey, pastValue, lastIndex, totalLength, cosine, sine],
    outputs: [{ type: packed.type, shape: [1, packed.shape[1] ?? 'rows', options.heads * options.headSize] }, present, present],
    attributes: {
      num_heads: { kind: 'int', value: options.heads },
      kv_num_heads: { kind: 'int', value: options.keyHeads },
      do_rotary: { kind: 'int', value: 1 },
      rotary_interleaved: { kind: 'int', value: 0 },
    },
  });
  return { output: output as Value, presentKey: presentKey as Value, presentValue: presentValue as Value };
}

export type FusedMatMulOptions = {
  /** right is [columns, inner] instead of [inner, columns], behind its batch dimension. */
  readonly transposeRight?: boolean;
  /** right's batch dimension stands second: [rows, batch, columns] is read as [batch, rows, columns], by stride. */
  readonly batchSecond?: boolean;
  readonly scale?: number;
};

/** Batched `scale · left · right`; left [batch, rows, inner], the result [batch, rows, columns]. */
export function fusedMatMul(
  graph: GraphBuilder, left: Value, right: Value, columns: Dimension, options: FusedMatMulOptions,
): Value {
  return graph.node({
    operator: 'FusedMatMul',
    domain: contribDomain,
    inputs: [left, right],
    outputs: [{ type: left.type, shape: [...left.shape.slice(0, -1), columns] }],
    attributes: {
      alpha: { kind: 'float', value: options.scale ?? 1 },
      transB: { kind: 'int', value: options.transposeRight === true ? 1 : 0 },
      transBatchB: { kind: 'int', value: options.batchSecond === true ? 1 : 0 },
    },
  });
}

/** `input · sigmoid(input)`. */
export function silu(graph: GraphBuilder, input: Value): Value {
  return graph.node({
    operator: 'QuickGelu',
    domain: contribDomain,
    inputs: [input],
    outputs: [{ type: input.type, shape: input.shape }],
    attributes: { alpha: { kind: 'float', value: 1 } },
  });
}

/**
 * `silu(gate) · up`, element by element, in one kernel of a device. GatedRMSNorm computes `up · scale / √(mean(up²) + ε) ·
 * silu(gate)` in float32: beside an ε of `gatedScale`² the mean is nothing, and the scale takes the root back.
 */
export function gatedProduct(graph: GraphBuilder, gate: Value, up: Value): Value {
  const compute = up.type as 'float32' | 'float16';
  const scale = gatedScale[compute];
  return graph.node({
    operator: 'GatedRMSNorm',
    domain: contribDomain,
    inputs: [up, filled(graph, compute, [groupSize(up)], scale), gate],
    outputs: [{ type: up.type, shape: up.shape }],
    attributes: { epsilon: { kind: 'float', value: scale ** 2 } },
  });
}

/** The largest that a scale can be kept as: with float16 a mean square of 2,000 changes the result by a millionth. */
const gatedScale = { float16: 2 ** 15, float32: 2 ** 30 } as const;

/** Elements of one workgroup: the mean is taken over so many, which have to divide the last dimension. */
function groupSize(value: Value): number {
  const channels = value.shape.at(-1) as number;
  let size = 1;
  while (size < 256 && channels % (2 * size) === 0) size *= 2;
  return size;
}

export type BlockQuantizedWeight = {
  readonly codes: Value; // uint8 [outputs, blocks, bytes of a block]
  readonly scales: Value; // [outputs · blocks]
  readonly bits: 4 | 8;
  readonly blockSize: number;
  /**
   * `int8` lets the kernel round the input to 8 bits a block (worst error below 1 % of the largest output). On a CPU
   * with vector dot products that is 3 times as fast with 4-bit weights and 100 times with 8-bit ones, which have no
   * other fast kernel.
   */
  readonly activations: 'float32' | 'int8';
  readonly inputs: number;
  readonly outputs: number;
};

/**
 * `sum = input + skip`, and `silu(n · gateᵀ) · (n · upᵀ)` for its root-mean-square normalisation n, with block-quantised
 * weights of one shape and without biases. WebGPU alone has it: for one row and 4 bits it is one kernel.
 */
export function gatedMatMulNBits(
  graph: GraphBuilder, input: Value, skip: Value, scale: Value, epsilon: number, gate: BlockQuantizedWeight, up: BlockQuantizedWeight,
): { product: Value; sum: Value } {
  const [product, sum] = graph.nodes({
    operator: 'MatMulNBitsMlp',
    domain: contribDomain,
    inputs: [input, skip, scale, gate.codes, gate.scales, undefined, up.codes, up.scales],
    outputs: [{ type: input.type, shape: [...input.shape.slice(0, -1), gate.outputs] }, { type: input.type, shape: input.shape }],
    attributes: { ...quantizationAttributes(gate), activation: { kind: 'string', value: 'silu' }, epsilon: { kind: 'float', value: epsilon } },
  });
  return { product: product as Value, sum: sum as Value };
}

function quantizationAttributes({ inputs, outputs, bits, blockSize, activations }: BlockQuantizedWeight): Record<string, Attribute> {
  return {
    K: { kind: 'int', value: inputs },
    N: { kind: 'int', value: outputs },
    bits: { kind: 'int', value: bits },
    block_size: { kind: 'int', value: blockSize },
    accuracy_level: { kind: 'int', value: activations === 'int8' ? 4 : 0 },
  };
}

/** `input · weightᵀ (+ bias)` with block-quantised weights; input [rows, inputs]. */
export function matMulNBits(graph: GraphBuilder, input: Value, weight: BlockQuantizedWeight, bias?: Value): Value {
  return graph.node({
    operator: 'MatMulNBits',
    domain: contribDomain,
    inputs: [input, weight.codes, weight.scales, undefined, undefined, bias],
    outputs: [{ type: input.type, shape: [...input.shape.slice(0, -1), weight.outputs] }],
    attributes: quantizationAttributes(weight),
  });
}
