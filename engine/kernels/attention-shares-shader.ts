import { membersOf } from './decoder-heads.ts';
import type { DecoderHeads } from './decoder-heads.ts';
import { elementsPerVector, quadFunctions, quadsOf } from './elements.ts';
import { lines } from './wgsl-lines.ts';

const totalThreads = 128;
/** Keys of a workgroup of `keySharesShader`. */
export const keysPerGroup = 64;

/** What `rowTotalsShader` takes of a workgroup. */
export function rowTotalsNeeds(heads: DecoderHeads): { invocations: number; bytes: number } {
  return { invocations: totalThreads, bytes: 8 * totalThreads * membersOf(heads) };
}

/**
 * How much of their attention some rows give to each key, in two kernels, so that no scores are kept. This is the first: the
 * logarithm (of powers of two) of every row's total weight. `queries` [rows · members, keyHeads · headSize] as
 * `rotaryShader` leaves them, `keys` [at least keyCount, keyHeads · headSize], of which every row sees all,
 * `totals` float32 [rows · members, keyHeads]. `main` is run on [rows, keyHeads] workgroups.
 * With `isWeighted` there are `row_weights` float32 [rows], all above zero: a row then gives so much in the second kernel.
 */
export function rowTotalsShader(shape: DecoderHeads, isWeighted = false): string {
  const { keyHeads, element } = shape;
  const members = membersOf(shape);
  return `${header}
@group(0) @binding(3) var<storage, read_write> totals: array<f32>;
${isWeighted ? '@group(0) @binding(4) var<storage, read> row_weights: array<f32>;' : ''}

var<workgroup> found: array<vec2<f32>, ${totalThreads * members}>;

@compute @workgroup_size(${totalThreads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first_group + group.x;
  let head = group.y;
${lines(members, (member) => `  var highest_${member} = -1e30;
  var total_${member} = 0.0;`)}
  for (var key = thread; key < parameters.key_count; key += ${totalThreads}u) {
${scoreLines(shape)}
${lines(members, (member) => `    let next_${member} = max(highest_${member}, score_${member});
    total_${member} = total_${member} * exp2(highest_${member} - next_${member}) + exp2(score_${member} - next_${member});
    highest_${member} = next_${member};`)}
  }
${lines(members, (member) => `  found[${member * totalThreads}u + thread] = vec2<f32>(highest_${member}, total_${member});`)}
  workgroupBarrier();
  for (var member = thread; member < ${members}u; member += ${totalThreads}u) {
    var highest = -1e30;
    for (var other = 0u; other < ${totalThreads}u; other++) { highest = max(highest, found[member * ${totalThreads}u + other].x); }
    var total = 0.0;
    for (var other = 0u; other < ${totalThreads}u; other++) {
      let part = found[member * ${totalThreads}u + other];
      total += exp2(part.x - highest) * part.y;
    }
    totals[(row * ${members}u + member) * ${keyHeads}u + head] = highest + log2(total)${isWeighted ? ' - log2(row_weights[row])' : ''};
  }
}
${quadFunctions('element', element)}
`;
}

/**
 * The second: adds to `shares` float32 [keyHeads, keyCount] what every key gets of all rows and members together, each of
 * which gives one. `main` is run on [keyCount / keysPerGroup, keyHeads] workgroups.
 */
export function keySharesShader(shape: DecoderHeads): string {
  const { keyHeads, element } = shape;
  const members = membersOf(shape);
  return `${header}
@group(0) @binding(3) var<storage, read> totals: array<f32>;
@group(0) @binding(4) var<storage, read_write> shares: array<f32>;

@compute @workgroup_size(${keysPerGroup})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let key = (parameters.first_group + group.x) * ${keysPerGroup}u + thread;
  let head = group.y;
  if (key >= parameters.key_count) { return; }
  var share = 0.0;
  for (var row = 0u; row < parameters.row_count; row++) {
${scoreLines(shape)}
${lines(members, (member) => `    share += exp2(score_${member} - totals[(row * ${members}u + ${member}u) * ${keyHeads}u + head]);`)}
  }
  shares[head * parameters.key_count + key] += share;
}
${quadFunctions('element', element)}
`;
}

const header = `struct Parameters { first_group: u32, key_count: u32, row_count: u32, scale: f32 }

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> queries: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> keys: array<vec4<u32>>;`;

/** `score_M` of each member M of `row` with `key`, in powers of two. */
function scoreLines(shape: DecoderHeads): string {
  const { keyHeads, headSize, element } = shape;
  const members = membersOf(shape);
  const vectors = headSize / elementsPerVector(element);
  const quads = (name: string) => quadsOf('element', element, name);
  return `${lines(members, (member) => `    var score_${member} = 0.0;`)}
    for (var vector = 0u; vector < ${vectors}u; vector++) {
      let key_vector = keys[(key * ${keyHeads}u + head) * ${vectors}u + vector];
${quads('key_vector').map((quad, index) => `      let key_${index} = ${quad};`).join('\n')}
${lines(members, (member) => `      let query_${member} = queries[((row * ${members}u + ${member}u) * ${keyHeads}u + head) * ${vectors}u + vector];
      score_${member} += ${quads(`query_${member}`).map((quad, index) => `dot(key_${index}, ${quad})`).join(' + ')};`)}
    }
${lines(members, (member) => `    score_${member} *= parameters.scale;`)}`;
}
