import { attentionStrides, rowPlaces, spilledChannels, threads, tileRows } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import { elementsPerVector } from './elements.ts';
import type { Element } from './elements.ts';
import { matrixSteps } from './attention-matrix-steps.ts';
import { plainSteps } from './attention-plain-steps.ts';
import { lines } from './wgsl-lines.ts';

/**
 * The four steps that multiply, or touch the sums that multiplying leaves behind. `attention-plain-steps.ts` is what they mean,
 * `attention-matrix-steps.ts` the same on matrix units; everything around them is one source.
 */
export type AttentionSteps = {
  /** Lines before the first declaration. */
  readonly enables: string;
  /** Parameters of `main` beyond those that the source has itself. */
  readonly parameters: string;
  /** Declarations of the module. */
  readonly declarations: string;
  /** Before the loop: makes the sums, [rows, headSize], zero. */
  readonly begin: string;
  /** scores = queries · keysᵀ of this tile, [rows, keys]. */
  readonly score: string;
  /** sums += weights · values of this tile. */
  readonly accumulate: string;
  /** scores = channels `part` · keys and up of the sums, as many as `spilledChannels` says. */
  readonly spill: (part: number) => string;
  /** The other way round. */
  readonly fill: (part: number) => string;
};

/**
 * A row's weights are exponentials against a reference, which moves to the row's largest score only when that has come this
 * far above it (in powers of two): then all sums so far have to be scaled, for which they leave their registers.
 * Weights stay below 2^8, far from where halves end.
 */
const slack = 8;

/**
 * WGSL of attention, softmax(q·kᵀ · scale) · v, after FlashAttention (arXiv 2205.14135, 2307.08691): a workgroup
 * keeps the sums of a tile of query rows of one key head and walks over the keys; scores never leave its memory.
 * Queries and result [rows, keyHeads · headSize], keys and values [keys, keyHeads · headSize], each padded to whole tiles;
 * what stands in the padding of the keys does not matter, that of the values has to be finite.
 * Sums, maxima and totals are float32; weights are rounded to the element type before they meet the values.
 * `main` is run on [tiles of rows, keyHeads, sequences] workgroups.
 *
 * NOTE sequences. With `sequences` there are many, one behind the other, each of so many rows, which see the keys of their own
 * sequence and no others. Queries, keys and values stand side by side, [rows, 3 · keyHeads · headSize], as one product makes
 * them; the buffer is bound three times. What one sequence holds changes nothing in another, NaN neither.
 *
 * NOTE causal rows. With `causal` a row of the queries is a member of a group: row `r · members + m` belongs to row r of the
 * sequence, which sees the `past` keys before the first row and those up to its own. Results are then in the order of a
 * decoder's heads, [rows / members, keyHeads · members · headSize], so that its next product takes them as they are.
 */
export function attentionShader(shape: AttentionShape): string {
  const { headSize, keyHeads, element, tiles, causal } = shape;
  const perVector = elementsPerVector(element);
  const strides = attentionStrides(headSize, element, tiles);
  const rows = tileRows(tiles);
  const steps = shape.spelling === 'matrix' ? matrixSteps(shape) : plainSteps(shape);
  const parts = spilledChannels(shape);
  const places = rowPlaces(shape);
  const staging = stagingLines(shape);
  return `${steps.enables}
struct Parameters { first_tile: u32, key_count: u32, scale: f32, past: u32 }

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> queries: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> keys: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> values: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> attended: array<vec4<u32>>;

const lowest = -1e30;
var<workgroup> scores: array<vec4<f32>, ${rows * strides.scores}>;
var<workgroup> weights: array<vec4<u32>, ${rows * strides.weights}>;
var<workgroup> must_scale: atomic<u32>;
${tiles.staged ? `var<workgroup> staged_keys: array<vec4<u32>, ${tiles.keys * strides.staged}>;
var<workgroup> staged_values: array<vec4<u32>, ${tiles.keys * strides.staged}>;` : ''}
${steps.declarations}
${packFunction(element)}

@compute @workgroup_size(${threads(tiles)})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32${causal === undefined ? '' : ', @builtin(num_workgroups) groups: vec3<u32>'}${steps.parameters}) {
  let head = group.y * ${headSize / perVector}u;
${rowLines(shape)}
  let key_tiles = (last_key + ${tiles.keys - 1}u) / ${tiles.keys}u;
  let own_scores = thread * ${strides.scores}u;
  let own_weights = thread * ${strides.weights}u;
  var reference = lowest;
  var total = 0.0;
${steps.begin}
${staging.begin}
  for (var tile = 0u; tile < key_tiles; tile++) {
${staging.each}
${steps.score}
    workgroupBarrier();
    var factor = 1.0;
    if (thread < ${rows}u) {
      let seen = own_keys - min(own_keys, tile * ${tiles.keys}u);
      if (seen < ${tiles.keys}u) {
        for (var column = seen; column < ${tiles.keys}u; column++) { scores[own_scores + column / 4u][column % 4u] = lowest; }
      }
      var most = scores[own_scores];
${lines(tiles.keys / 4, (place) => place === 0 ? '' : `      most = max(most, scores[own_scores + ${place}u]);`)}
      let highest = max(max(most.x, most.y), max(most.z, most.w)) * parameters.scale;
      if (highest > reference + ${slack}.0) {
        factor = exp2(reference - highest);
        reference = highest;
        atomicStore(&must_scale, 1u);
      }
      var sum = vec4<f32>();
${lines(tiles.keys / perVector, (place) => weightLines(element, place))}
      total = total * factor + sum.x + sum.y + sum.z + sum.w;
    }
    if (workgroupUniformLoad(&must_scale) != 0u) {
      if (thread == 0u) { atomicStore(&must_scale, 0u); }
${parts.map((_, part) => `${steps.spill(part)}
      workgroupBarrier();
      if (thread < ${rows}u) {
        for (var place = 0u; place < ${tiles.keys / 4}u; place++) { scores[own_scores + place] *= factor; }
      }
      workgroupBarrier();
${steps.fill(part)}
      workgroupBarrier();`).join('\n')}
    }
${steps.accumulate}
  }
  let share = 1.0 / total;
${parts.map((channels, part) => `  workgroupBarrier();
${steps.spill(part)}
  workgroupBarrier();
  if (thread < ${rows}u${shape.sequences === undefined ? '' : ` && first_row + thread < sequence_row + ${shape.sequences.rows}u`}) {
    let place = ${causal === undefined ? `(first_row + thread) * ${places.attended}u + head`
    : `((first_row + thread) / ${causal.members}u * ${keyHeads * causal.members}u + group.y * ${causal.members}u + (first_row + thread) % ${causal.members}u) * ${headSize / perVector}u`} + ${part * tiles.keys / perVector}u;
${lines(channels / perVector, (index) => `    attended[place + ${index}u] = ${packed(element, (half) => `scores[own_scores + ${index * perVector / 4 + half}u] * share`)};`)}
  }`).join('\n')}
}
`;
}

/** Exponentials of one vector of elements. */
function weightLines(element: Element, place: number): string {
  const perVector = elementsPerVector(element);
  const quarters = Array.from({ length: perVector / 4 }, (_, half) => half);
  const name = (half: number) => `weight_${place}_${half}`;
  return [
    ...quarters.map((half) => `      let ${name(half)} = exp2(scores[own_scores + ${place * perVector / 4 + half}u] * parameters.scale - reference);`),
    ...quarters.map((half) => `      sum += ${name(half)};`),
    `      weights[own_weights + ${place}u] = ${packed(element, name)};`,
  ].join('\n');
}

function packed(element: Element, quarter: (half: number) => string): string {
  return element === 'f16' ? `pack(${quarter(0)}, ${quarter(1)})` : `pack(${quarter(0)})`;
}

function packFunction(element: Element): string {
  return element === 'f16'
    ? `fn pack(low: vec4<f32>, high: vec4<f32>) -> vec4<u32> {
  return vec4<u32>(pack2x16float(low.xy), pack2x16float(low.zw), pack2x16float(high.xy), pack2x16float(high.zw));
}`
    : 'fn pack(all: vec4<f32>) -> vec4<u32> { return bitcast<vec4<u32>>(all); }';
}

/** Which rows a workgroup has, up to which key an invocation's row sees, and up to which any row of the workgroup does. */
function rowLines({ tiles, causal, sequences }: AttentionShape): string {
  const rows = tileRows(tiles);
  if (sequences !== undefined) {
    return `  let sequence_row = group.z * ${sequences.rows}u;
  let first_row = sequence_row + (parameters.first_tile + group.x) * ${rows}u;
  let own_keys = parameters.key_count;
  let last_key = parameters.key_count;`;
  }
  return causal === undefined
    ? `  let first_row = (parameters.first_tile + group.x) * ${rows}u;
  let own_keys = parameters.key_count;
  let last_key = parameters.key_count;`
    // The last rows see most: they come first, or a few workgroups would be at work alone at the end.
    : `  let first_row = (parameters.first_tile + groups.x - 1u - group.x) * ${rows}u;
  let own_keys = min(parameters.key_count, parameters.past + (first_row + thread) / ${causal.members}u + 1u);
  let last_key = min(parameters.key_count, parameters.past + (first_row + ${rows - 1}u) / ${causal.members}u + 1u);`;
}

/** How a tile of keys and values gets into workgroup memory, and the barriers that keep it from the one before. */
function stagingLines(shape: AttentionShape): { begin: string; each: string } {
  const { headSize, element, tiles, sequences } = shape;
  if (!tiles.staged) return { begin: '', each: '' };
  const perRow = headSize / elementsPerVector(element);
  const { staged } = attentionStrides(headSize, element, tiles);
  const { stride, key: keyPlace, value: valuePlace } = rowPlaces(shape);
  const vectors = tiles.keys * perRow;
  const count = threads(tiles);
  /** A statement for each vector that an invocation moves, where there is such a vector. */
  const each = (statement: (round: number, key: string, channel: string) => string) => lines(Math.ceil(vectors / count), (round) => {
    const vector = `(thread + ${round * count}u)`;
    const text = statement(round, `(${vector} / ${perRow}u)`, `${vector} % ${perRow}u`);
    return (round + 1) * count > vectors ? `    if (${vector} < ${vectors}u) { ${text} }` : `    ${text}`;
  });
  const declared = each((round) => `var next_key_${round} = vec4<u32>(); var next_value_${round} = vec4<u32>();`).replaceAll(/if .*? \{ (.*) \}/gu, '$1');
  const fetched = (tile: string) => `{
    let start = head + (${tile}) * ${tiles.keys * stride}u${sequences === undefined ? '' : ` + sequence_row * ${stride}u`};
${each((round, key, channel) => {
    const from = `start + ${key} * ${stride}u + ${channel}`;
    // Behind the last row of a sequence is the next one, whose values may be anything: NaN times a weight of zero is NaN.
    const value = sequences === undefined ? `values[${from}]` : `select(vec4<u32>(), values[${from} + ${valuePlace}u], (${tile}) * ${tiles.keys}u + ${key} < parameters.key_count)`;
    return `next_key_${round} = keys[${from} + ${keyPlace}u]; next_value_${round} = ${value};`;
  })}
    }`;
  const put = each((round, key, channel) => {
    const to = `${key} * ${staged}u + ${channel}`;
    return `staged_keys[${to}] = next_key_${round}; staged_values[${to}] = next_value_${round};`;
  });
  const barrier = '    workgroupBarrier();';
  return tiles.ahead
    ? { begin: `${declared}\n    ${fetched('0u')}`, each: [barrier, put, barrier, `    if (tile + 1u < key_tiles) ${fetched('tile + 1u')}`].join('\n') }
    : { begin: '', each: [barrier, declared, `    ${fetched('tile')}`, put, barrier].join('\n') };
}
