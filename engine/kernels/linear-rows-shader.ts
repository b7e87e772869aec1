import { bytesPerElement, elementsPerVector, quadsOf } from './elements.ts';
import { codeQuads, codesFunction, finishFunction, linearBindings, scaleFunction, storedName } from './linear-parts.ts';
import { blockInputs, blocksOf, isQuantised, vectorsPerBlock } from './linear-shape.ts';
import type { LinearShape } from './linear-shape.ts';
import type { WorkgroupNeeds } from './pipelines.ts';
import { lines } from './wgsl-lines.ts';

/** How the work of a row is cut. */
export type RowsTiles = {
  /** Invocations that share the inputs of an output, a power of two. */
  readonly slices: number;
  /** Groups of so many invocations in a workgroup. */
  readonly teams: number;
  /** Outputs that an invocation sums where weights are codes, a multiple of four; where they are floats it is a vec4<u32> of them. */
  readonly columns: number;
};

/**
 * A linear layer row by row, in float32: what it means, and what is quick for a single row, where a device does nothing but read
 * the weight. Every workgroup makes a few outputs of one row; its invocations share the inputs, and their sums meet in workgroup
 * memory. Invocations side by side read side by side: of floats [inputs, outputs] the same inputs of neighbouring outputs, of
 * codes [outputs, blocks] neighbouring blocks of the same outputs.
 * `main` is run on [rows, outputs / outputsPerGroup] workgroups.
 */
export function linearRowsShader(shape: LinearShape, tiles: RowsTiles): string {
  const { inputs, outputs, preparation } = shape;
  const { slices } = tiles;
  const isNormed = preparation?.kind === 'rms-norm';
  const perInvocation = outputsPerInvocation(shape, tiles);
  const perGroup = outputsPerGroup(shape, tiles);
  const count = invocations(tiles);
  const quads = perInvocation / 4;
  const sums = isQuantised(shape.weight) ? codeSums(shape, tiles) : floatSums(shape, tiles);
  const halvings = Array.from({ length: Math.log2(slices) }, (_, step) => slices >> (step + 1));
  return `${linearBindings(shape)}
var<workgroup> partial: array<vec4<f32>, ${count * quads}>;
${isNormed ? `var<workgroup> squares: array<f32, ${count}>;` : ''}
${finishFunction(shape)}
${sums.functions}

@compute @workgroup_size(${count})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let first_output = group.y * ${perGroup}u;
${sums.place}
${lines(quads, (quad) => `  var sum_${quad} = vec4<f32>();`)}
${isNormed ? '  var own_squares = 0.0;' : ''}
${sums.loop}
  let own = (slice * ${tiles.teams}u + team) * ${quads}u;
${lines(quads, (quad) => `  partial[own + ${quad}u] = sum_${quad};`)}
${isNormed ? `  squares[own / ${quads}u] = own_squares;` : ''}
  workgroupBarrier();
${halvings.map((half) => `  if (slice < ${half}u) {
${lines(quads, (quad) => `    partial[own + ${quad}u] += partial[own + ${half * tiles.teams * quads + quad}u];`)}
${isNormed ? `    squares[own / ${quads}u] += squares[own / ${quads}u + ${half * tiles.teams}u];` : ''}
  }
  workgroupBarrier();`).join('\n')}
  let quad = first_output / 4u + thread;
  if (thread < ${perGroup / 4}u && quad < ${outputs / 4}u) { finish(row, quad, partial[thread]${preparation?.kind === 'rms-norm' ? ` * inverseSqrt(squares[0] / ${inputs}.0 + ${preparation.epsilon})` : ''}); }
}
`;
}

export function linearRowsNeeds(shape: LinearShape, tiles: RowsTiles): WorkgroupNeeds {
  const squares = shape.preparation?.kind === 'rms-norm' ? 1 : 0;
  return { invocations: invocations(tiles), bytes: invocations(tiles) * (outputsPerInvocation(shape, tiles) + squares) * 4 };
}

export function outputsPerGroup(shape: LinearShape, tiles: RowsTiles): number {
  return tiles.teams * outputsPerInvocation(shape, tiles);
}

/**
 * What is quickest, or within a twentieth of it, on an H100 (tests/bench/gpu/decode.ts, `products`): a wide layer's workgroups each make many
 * outputs, a narrow one is cut so that all processors get some of it.
 */
export function chooseRowsTiles({ weight, inputs, outputs, element }: LinearShape, mostInvocations: number): RowsTiles {
  const isCodes = isQuantised(weight);
  const teams = !isCodes && outputs >= 8192 ? 8 : !isCodes && inputs >= 8192 ? 4 : 2;
  const shared = isCodes ? blocksOf(inputs) : inputs / elementsPerVector(element);
  const most = Math.min(!isCodes && inputs >= 8192 ? 256 : 64, shared, mostInvocations / teams);
  return { slices: 2 ** Math.floor(Math.log2(most)), teams, columns: 4 };
}

function invocations({ slices, teams }: RowsTiles): number {
  return slices * teams;
}

function outputsPerInvocation({ weight }: LinearShape, { columns }: RowsTiles): number {
  return isQuantised(weight) ? columns : elementsPerVector(weight);
}

type Sums = { readonly functions: string; readonly place: string; readonly loop: string };

/** A vec4<u32> of inputs at a time, and of each of them the outputs that lie in a vec4<u32>. */
function floatSums(shape: LinearShape, { slices, teams }: RowsTiles): Sums {
  const { inputs, outputs, element, weight } = shape;
  if (isQuantised(weight)) throw new Error('codes have sums of their own');
  const perInput = elementsPerVector(element);
  const perWeight = elementsPerVector(weight);
  const vectors = inputs / perInput;
  return {
    functions: weight === element ? '' : weight === 'f16'
      ? 'fn quad_weight(stored: vec2<u32>) -> vec4<f32> { return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y)); }'
      : 'fn quad_weight(stored: vec4<u32>) -> vec4<f32> { return bitcast<vec4<f32>>(stored); }',
    place: `  let team = thread % ${teams}u;
  let slice = thread / ${teams}u;
  let column = min(first_output / ${perWeight}u + team, ${outputs / perWeight - 1}u);`,
    loop: `  for (var vector = slice; vector < ${vectors}u; vector += ${slices}u) {
    let place = vector * ${perInput * outputs / perWeight}u + column;
${lines(perInput, (index) => `    let weight_${index} = weight[place + ${index * outputs / perWeight}u];`)}
${inputLines(shape, 0, `row * ${vectors}u + vector`, 'vector')}
${lines(perInput, (index) => quadsOf(weight === element ? 'element' : 'weight', weight, `weight_${index}`)
    .map((quad, place) => `    sum_${place} += input_${Math.floor(index / 4)}[${index % 4}] * ${quad};`).join('\n'))}
  }`,
  };
}

/** A block of inputs at a time, of each of several outputs. */
function codeSums(shape: LinearShape, { slices, columns }: RowsTiles): Sums {
  const { inputs, outputs, element, weight } = shape;
  if (!isQuantised(weight)) throw new Error('floats have sums of their own');
  const blocks = blocksOf(inputs);
  const perBlock = vectorsPerBlock(weight);
  const perInput = elementsPerVector(element);
  const inputVectors = blockInputs / perInput;
  const rowVectors = inputs * bytesPerElement(element) / 16;
  const isWhole = inputs % blockInputs === 0;
  const vector = (index: number) => `block * ${inputVectors}u + ${index}u`;
  return {
    functions: `${codesFunction(weight)}\n${scaleFunction(shape)}`,
    place: `  let slice = thread % ${slices}u;
  let team = thread / ${slices}u;
${lines(columns, (column) => `  let output_${column} = min(first_output + team * ${columns}u + ${column}u, ${outputs - 1}u) * ${blocks}u;`)}`,
    loop: `  for (var block = slice; block < ${blocks}u; block += ${slices}u) {
${lines(columns, (column) => lines(perBlock, (part) => `    let codes_${column}_${part} = weight[(output_${column} + block) * ${perBlock}u + ${part}u];`))}
${lines(inputVectors, (index) => inputLines(shape, index * perInput / 4, `row * ${rowVectors}u + ${vector(index)}`, vector(index),
      // Behind the last input there is another row, whose numbers have no business here: infinity times zero is none.
      isWhole ? undefined : `${vector(index)} < ${rowVectors}u`))}
${lines(columns, (column) => {
    const codes = Array.from({ length: perBlock * 4 }, (_, word) => codeQuads(weight, `codes_${column}_${Math.floor(word / 4)}[${word % 4}]`)).flat();
    const dots = codes.map((quad, index) => `dot(input_${index}, ${quad})`);
    return `    sum_${Math.floor(column / 4)}[${column % 4}] += scale_of(output_${column} + block) * (${dots.join(' + ')});`;
  })}
  }`,
  };
}

/**
 * `input_FIRST` and the quads behind it from the vector that lies at `place`, the `vector`th of its row, prepared; zeros where
 * `condition` does not hold.
 */
function inputLines(shape: LinearShape, first: number, place: string, vector: string, condition?: string): string {
  const { element, inputs, preparation } = shape;
  const perVector = elementsPerVector(element);
  const read = (at: string) => condition === undefined ? `input[${at}]` : `select(vec4<u32>(), input[${at}], ${condition})`;
  // A gated row is twice as long: the gate's vectors, then those of what it lets through.
  const gate = preparation?.kind === 'gated' ? `(${place}) + row * ${inputs / perVector}u` : place;
  return [
    `    let some_${first} = ${read(gate)};`,
    ...(preparation?.kind === 'gated' ? [`    let up_${first} = ${read(`${gate} + ${inputs / perVector}u`)};`] : []),
    ...quadsOf('element', element, `some_${first}`).map((quad, index) => {
      const name = first + index;
      if (preparation?.kind === 'rms-norm') return `    let plain_${name} = ${quad}; own_squares += dot(plain_${name}, plain_${name}); let input_${name} = plain_${name} * quad_${storedName(shape)}(norm_scale[(${vector}) * ${perVector / 4}u + ${index}u]);`;
      if (preparation?.kind === 'gated') return `    let gate_${name} = ${quad}; let input_${name} = gate_${name} / (1.0 + exp(-gate_${name})) * ${quadsOf('element', element, `up_${first}`)[index] ?? ''};`;
      return `    let input_${name} = ${quad};`;
    }),
  ].join('\n');
}
