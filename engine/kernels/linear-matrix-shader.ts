import { matrixSide } from './attention-tiles.ts';
import { codeQuads, codesFunction, finishFunction, linearBindings, scaleFunction } from './linear-parts.ts';
import { blockInputs, blocksOf, isQuantised, vectorsPerBlock } from './linear-shape.ts';
import type { LinearShape } from './linear-shape.ts';
import type { WorkgroupNeeds } from './pipelines.ts';
import { lines } from './wgsl-lines.ts';

/** How the work is cut: a workgroup makes [down · rows, across · columns] results. */
export type MatrixTiles = {
  /** Subgroups below each other and side by side. */
  readonly down: number;
  readonly across: number;
  readonly subgroupSize: number;
  /** Results of a subgroup, multiples of `matrixSide`. */
  readonly rows: number;
  readonly columns: number;
};

/** Inputs that are staged together: a block of codes. */
const step = blockInputs;
/** vec4<u32> of halves in a row of `step` inputs, and from one such row to the next: one more, so that rows begin in different banks. */
const stepVectors = step / 8;
const stepStride = stepVectors + 1;

/**
 * A linear layer on matrix units, for halves whose products are summed in float32; `linearRowsShader` is what it means. A
 * workgroup walks over the inputs, 32 at a time: while its subgroups multiply what lies in one half of workgroup memory, the
 * next numbers are fetched and put into the other. Codes become halves on that way. Sums leave the matrices through the same
 * memory. Rows and outputs behind the last are computed from whatever lies there and not written.
 * `main` is run on [rows / tile, outputs / tile] workgroups.
 */
export function linearMatrixShader(shape: LinearShape, tiles: MatrixTiles): string {
  const { outputs } = shape;
  const { rows, columns, across } = tiles;
  const [tileRows, tileColumns] = [tiles.down * rows, across * columns];
  const [rowBlocks, columnBlocks] = [rows / matrixSide, columns / matrixSide];
  const weights = isQuantised(shape.weight) ? codeStaging(shape, tiles) : halfStaging(shape, tiles);
  const inputs = inputStaging(shape, tiles);
  const half = inputVectors(tiles) + weights.vectors;
  const steps = shape.inputs / step;
  const count = invocations(tiles);
  const result = `subgroup_matrix_result<f32, ${matrixSide}, ${matrixSide}>`;
  const spillStride = columns / 4 + 1;
  const spillQuads = tiles.down * across * matrixSide * columns / 4;
  const eachSum = (statement: (sum: string, row: number, column: number) => string) =>
    lines(rowBlocks, (row) => lines(columnBlocks, (column) => statement(`sum_${row}_${column}`, row, column)));
  return `enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
${linearBindings(shape)}
var<workgroup> staged: array<vec4<u32>, ${stagedVectors(shape, tiles)}>;
${finishFunction(shape)}
${weights.functions}

@compute @workgroup_size(${count})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32, @builtin(subgroup_id) subgroup: u32) {
  let first_row = (parameters.first + group.x) * ${tileRows}u;
  let first_column = group.y * ${tileColumns}u;
  let own_row = subgroup / ${across}u * ${rows}u;
  let own_column = subgroup % ${across}u * ${columns}u;
${eachSum((sum) => `  var ${sum} = ${result}();`)}
${inputs.declare}
${weights.declare}
  {
    let step = 0u;
${inputs.fetch}
${weights.fetch}
    let half = 0u;
${inputs.put}
${weights.put}
  }
  workgroupBarrier();
  for (var now = 0u; now < ${steps}u; now++) {
    if (now + 1u < ${steps}u) {
      let step = now + 1u;
${inputs.fetch}
${weights.fetch}
    }
    {
      let half = (now & 1u) * ${half}u;
${lines(step / matrixSide, (depth) => `      {
${lines(rowBlocks, (row) => `        let left_${row} = subgroupMatrixLoad<subgroup_matrix_left<f16, ${matrixSide}, ${matrixSide}>, row_major>(&staged, half + (own_row + ${row * matrixSide}u) * ${stepStride}u + ${depth * matrixSide / 8}u, ${stepStride}u);`)}
${lines(columnBlocks, (column) => `        let right_${column} = ${weights.load(depth, column)};
${lines(rowBlocks, (row) => `        sum_${row}_${column} = subgroupMatrixMultiplyAccumulate(left_${row}, right_${column}, sum_${row}_${column});`)}`)}
      }`)}
    }
    if (now + 1u < ${steps}u) {
      let half = ((now + 1u) & 1u) * ${half}u;
${inputs.put}
${weights.put}
    }
    workgroupBarrier();
  }
${lines(rowBlocks, (row) => `${lines(columnBlocks, (column) =>
    `  subgroupMatrixStore<row_major>(&staged, subgroup * ${matrixSide * spillStride}u + ${column * matrixSide / 4}u, sum_${row}_${column}, ${spillStride}u);`)}
  workgroupBarrier();
  for (var item = thread; item < ${spillQuads}u; item += ${count}u) {
    let region = item / ${matrixSide * columns / 4}u;
    let place = item % ${matrixSide * columns / 4}u;
    let row = first_row + region / ${across}u * ${rows}u + ${row * matrixSide}u + place / ${columns / 4}u;
    let quad = (first_column + region % ${across}u * ${columns}u) / 4u + place % ${columns / 4}u;
    if (row < parameters.rows && quad < ${outputs / 4}u) {
      finish(row, quad, bitcast<vec4<f32>>(staged[region * ${matrixSide * spillStride}u + place / ${columns / 4}u * ${spillStride}u + place % ${columns / 4}u]));
    }
  }
  workgroupBarrier();`)}
}
`;
}

export function linearMatrixNeeds(shape: LinearShape, tiles: MatrixTiles): WorkgroupNeeds {
  return { invocations: invocations(tiles), bytes: 16 * stagedVectors(shape, tiles) };
}

export function matrixTileRows({ down, rows }: MatrixTiles): number {
  return down * rows;
}

export function matrixTileColumns({ across, columns }: MatrixTiles): number {
  return across * columns;
}

/** What is to be tried first (tests/bench/gpu/linear.ts). */
export function chooseMatrixTiles(subgroupSize: number): MatrixTiles {
  return { down: 4, across: 2, subgroupSize, rows: 32, columns: 64 };
}

function invocations({ down, across, subgroupSize }: MatrixTiles): number {
  return down * across * subgroupSize;
}

function inputVectors(tiles: MatrixTiles): number {
  return matrixTileRows(tiles) * stepStride;
}

function stagedVectors(shape: LinearShape, tiles: MatrixTiles): number {
  const weights = isQuantised(shape.weight) ? matrixTileColumns(tiles) * stepStride : step * (matrixTileColumns(tiles) / 8 + 1);
  return Math.max(2 * (inputVectors(tiles) + weights), tiles.down * tiles.across * matrixSide * (tiles.columns / 4 + 1));
}

/** How numbers come to workgroup memory. `fetch` takes those of `step` into registers, `put` writes them from `half` on. */
type Staging = { readonly declare: string; readonly fetch: string; readonly put: string };
type WeightStaging = Staging & { readonly functions: string; readonly vectors: number; readonly load: (depth: number, column: number) => string };

/** A statement for each vector that an invocation moves, where there is such a vector. */
function each(vectors: number, count: number, statement: (round: number, vector: string) => string): string {
  return lines(Math.ceil(vectors / count), (round) => {
    const vector = `(thread + ${round * count}u)`;
    const text = statement(round, vector);
    return (round + 1) * count > vectors ? `      if (${vector} < ${vectors}u) { ${text} }` : `      ${text}`;
  });
}

function declared(name: string, vectors: number, count: number): string {
  return lines(Math.ceil(vectors / count), (round) => `  var ${name}_${round} = vec4<u32>();`);
}

function inputStaging({ inputs }: LinearShape, tiles: MatrixTiles): Staging {
  const vectors = matrixTileRows(tiles) * stepVectors;
  const count = invocations(tiles);
  return {
    declare: declared('next_input', vectors, count),
    fetch: each(vectors, count, (round, vector) => `next_input_${round} = input[(first_row + ${vector} / ${stepVectors}u) * ${inputs / 8}u + step * ${stepVectors}u + ${vector} % ${stepVectors}u];`),
    put: each(vectors, count, (round, vector) => `staged[half + ${vector} / ${stepVectors}u * ${stepStride}u + ${vector} % ${stepVectors}u] = next_input_${round};`),
  };
}

/** Halves [inputs, outputs] stay as they lie. */
function halfStaging({ outputs }: LinearShape, tiles: MatrixTiles): WeightStaging {
  const perRow = matrixTileColumns(tiles) / 8;
  const stride = perRow + 1;
  const vectors = step * perRow;
  const count = invocations(tiles);
  const start = inputVectors(tiles);
  return {
    functions: '',
    vectors: step * stride,
    declare: declared('next_weight', vectors, count),
    fetch: each(vectors, count, (round, vector) => `next_weight_${round} = weight[(step * ${step}u + ${vector} / ${perRow}u) * ${outputs / 8}u + first_column / 8u + ${vector} % ${perRow}u];`),
    put: each(vectors, count, (round, vector) => `staged[half + ${start}u + ${vector} / ${perRow}u * ${stride}u + ${vector} % ${perRow}u] = next_weight_${round};`),
    load: (depth, column) => `subgroupMatrixLoad<subgroup_matrix_right<f16, ${matrixSide}, ${matrixSide}>, row_major>(&staged, half + ${start + depth * matrixSide * stride + column * matrixSide / 8}u + own_column / 8u, ${stride}u)`,
  };
}

/** Codes [outputs, blocks] become halves [outputs, step]. */
function codeStaging(shape: LinearShape, tiles: MatrixTiles): WeightStaging {
  const { inputs, outputs, weight } = shape;
  if (!isQuantised(weight)) throw new Error('halves stay as they lie');
  const perBlock = vectorsPerBlock(weight);
  const vectors = matrixTileColumns(tiles) * perBlock;
  const count = invocations(tiles);
  const start = inputVectors(tiles);
  const output = (vector: string) => `min(first_column + ${vector} / ${perBlock}u, ${outputs - 1}u)`;
  const halvesPerVector = stepVectors / perBlock;
  return {
    functions: `${codesFunction(weight)}
${scaleFunction(shape)}
fn halves(low: vec4<f32>, high: vec4<f32>) -> vec4<u32> {
  return vec4<u32>(pack2x16float(low.xy), pack2x16float(low.zw), pack2x16float(high.xy), pack2x16float(high.zw));
}`,
    vectors: matrixTileColumns(tiles) * stepStride,
    declare: `${declared('next_codes', vectors, count)}\n${lines(Math.ceil(vectors / count), (round) => `  var next_scale_${round} = 0.0;`)}`,
    fetch: each(vectors, count, (round, vector) => `let block_${round} = ${output(vector)} * ${blocksOf(inputs)}u + step; next_codes_${round} = weight[block_${round} * ${perBlock}u + ${vector} % ${perBlock}u]; next_scale_${round} = scale_of(block_${round});`),
    put: each(vectors, count, (round, vector) => {
      const quads = Array.from({ length: 4 }, (_, word) => codeQuads(weight, `next_codes_${round}[${word}]`)).flat();
      return lines(halvesPerVector, (index) => `staged[half + ${start + index}u + ${vector} / ${perBlock}u * ${stepStride}u + ${vector} % ${perBlock}u * ${halvesPerVector}u] = halves(next_scale_${round} * ${quads[2 * index] ?? ''}, next_scale_${round} * ${quads[2 * index + 1] ?? ''});`).replaceAll('\n', ' ');
    }),
    load: (depth, column) => `subgroupMatrixLoad<subgroup_matrix_right<f16, ${matrixSide}, ${matrixSide}>, col_major>(&staged, half + ${start + column * matrixSide * stepStride + depth * matrixSide / 8}u + own_column * ${stepStride}u, ${stepStride}u)`,
  };
}
