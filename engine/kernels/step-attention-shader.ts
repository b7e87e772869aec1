import { membersOf } from './decoder-heads.ts';
import type { DecoderHeads } from './decoder-heads.ts';
import { elementsPerVector, quadFunctions, quadsOf, quadType } from './elements.ts';
import { lines } from './wgsl-lines.ts';

/** Keys of one workgroup: so many that an hour's cache gives each of some hundred processors about one. */
const keysPerSplit = 128;
const threads = 256;
const threadsPerKey = threads / keysPerSplit;

/** Parts that so many keys are cut into. */
export function splitsOf(keyCount: number): number {
  return Math.ceil(keyCount / keysPerSplit);
}

/** What `stepAttentionShader` takes of a workgroup. */
export function stepAttentionNeeds(heads: DecoderHeads): { invocations: number; bytes: number } {
  const { members, channels, slices, lanes } = cutting(heads);
  return { invocations: threads, bytes: 16 * Math.max(members, slices) * channels + 4 * (threadsPerKey * members * keysPerSplit + members * lanes) };
}

/** Channels count in fours, vectors are what a key's channels are read in. */
function cutting(heads: DecoderHeads) {
  const members = membersOf(heads);
  const vectors = heads.headSize / elementsPerVector(heads.element);
  return {
    members, vectors, channels: heads.headSize / 4,
    /** Values of one channel are summed in so many parts. */
    slices: Math.floor(threads / vectors),
    /** Invocations that share the scores of a head. */
    lanes: Math.min(keysPerSplit, 2 ** Math.floor(Math.log2(threads / members))),
  };
}

const lowest = '-1e30';

/**
 * Attention of one new row to a long cache, the part of it that is cut along the keys (after Flash-Decoding): a workgroup takes
 * `keysPerSplit` keys of one key head and reads each key and value once for all query heads of the group.
 * `row` [(heads + 2 · keyHeads) · headSize] is not rotated yet: its queries are, on their way into a workgroup's memory, and its
 * key and value are put into the cache by the workgroup that attends to them, so that this takes no kernel of its own.
 * `state` holds the row's position, `table` is as in `rotaryShader`. Leaves `sums` [splits, heads, headSize] and
 * `limits` [heads, most splits, 2] (largest score in powers of two, total weight), both float32, for `combineShader`.
 * `main` is run on [splits of the capacity, keyHeads] workgroups.
 */
export function stepAttentionShader(shape: DecoderHeads, scale: number): string {
  const { heads, keyHeads, element } = shape;
  const { members, vectors, channels, slices, lanes } = cutting(shape);
  const half = channels / 2;
  const quads = channels / vectors; // of a vector
  const keysPerSlice = Math.ceil(keysPerSplit / slices);
  const row = `array<${quadType(element)}>`;
  const vectorRow = (key: string) => `((${key}) * ${keyHeads}u + group.y) * ${vectors}u`;
  /** The vector of an invocation's number out of its quads. */
  const joined = (part: (quad: string) => string) => `vec4<u32>(${lines(quads, (quad) => part(`${quads}u * thread + ${quad}u`)).replaceAll('\n', ', ')})`;
  const ofVector = (name: string) => quadsOf('element', element, name);
  return `struct Parameters { first_group: u32 }

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> state: array<u32>;
@group(0) @binding(2) var<storage, read> row: ${row};
@group(0) @binding(3) var<storage, read> table: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> keys: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read_write> values: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> sums: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> limits: array<vec2<f32>>;

/** First the rotated queries [members, headSize], then the sums of one head by slices of keys. */
var<workgroup> shared_rows: array<vec4<f32>, ${Math.max(members, slices) * channels}>;
/** [parts of a key, members, keys]; the first part becomes the sum of them, then weights. */
var<workgroup> scores: array<f32, ${threadsPerKey * members * keysPerSplit}>;
var<workgroup> found: array<f32, ${members * lanes}>;
${quadFunctions('element', element)}

/** Four channels of a head of the row, rotated. */
fn turned(head_start: u32, quad: u32, position: u32) -> vec4<f32> {
  let pair = quad % ${half}u;
  let first = quad_element(row[head_start + pair]);
  let second = quad_element(row[head_start + ${half}u + pair]);
  let cosine = table[position * ${channels}u + pair];
  let sine = table[position * ${channels}u + ${half}u + pair];
  return select(second * cosine + first * sine, first * cosine - second * sine, quad < ${half}u);
}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let position = state[0];
  let split = parameters.first_group + group.x;
  let first_key = split * ${keysPerSplit}u;
  if (first_key > position) { return; }
  for (var item = thread; item < ${members * channels}u; item += ${threads}u) {
    let head_start = (group.y * ${members}u + item / ${channels}u) * ${channels}u;
    shared_rows[item] = turned(head_start, item % ${channels}u, position) * ${String(scale * Math.LOG2E)};
  }
  if (position < first_key + ${keysPerSplit}u && thread < ${vectors}u) {
    let to = ${vectorRow('position')} + thread;
    let key_start = (${heads}u + group.y) * ${channels}u;
    let value_start = (${heads + keyHeads}u + group.y) * ${channels}u;
    keys[to] = ${joined((quad) => `pack_element(turned(key_start, ${quad}, position))`)};
    values[to] = ${joined((quad) => `row[value_start + ${quad}]`)};
  }
  storageBarrier();
  workgroupBarrier();

  // Neighbours share a key, so that they read what lies side by side.
  let own_key = thread / ${threadsPerKey}u;
  let own_part = thread % ${threadsPerKey}u;
  let key_start = ${vectorRow('min(first_key + own_key, position)')};
${lines(members, (member) => `  var score_${member} = 0.0;`)}
  for (var vector = own_part; vector < ${vectors}u; vector += ${threadsPerKey}u) {
    let key = keys[key_start + vector];
${ofVector('key').map((quad, index) => `    let key_${index} = ${quad};`).join('\n')}
${lines(members, (member) => `    score_${member} += ${ofVector('key').map((_, index) => `dot(key_${index}, shared_rows[${member * channels + index}u + vector * ${quads}u])`).join(' + ')};`)}
  }
${lines(members, (member) => `  scores[(own_part * ${members}u + ${member}u) * ${keysPerSplit}u + own_key] = score_${member};`)}
  workgroupBarrier();

  let member = thread / ${lanes}u;
  let lane = thread % ${lanes}u;
  let own_scores = member * ${keysPerSplit}u;
  if (member < ${members}u) {
    var most = ${lowest};
    for (var key = lane; key < ${keysPerSplit}u; key += ${lanes}u) {
      var score = ${Array.from({ length: threadsPerKey }, (_, part) => `scores[${part * members * keysPerSplit}u + own_scores + key]`).join(' + ')};
      if (first_key + key > position) { score = ${lowest}; }
      scores[own_scores + key] = score;
      most = max(most, score);
    }
    found[thread] = most;
  }
  workgroupBarrier();
  var highest = ${lowest};
  var total = 0.0;
  if (member < ${members}u) {
    for (var other = 0u; other < ${lanes}u; other++) { highest = max(highest, found[member * ${lanes}u + other]); }
    for (var key = lane; key < ${keysPerSplit}u; key += ${lanes}u) {
      let weight = exp2(scores[own_scores + key] - highest);
      scores[own_scores + key] = weight;
      total += weight;
    }
  }
  workgroupBarrier();
  if (member < ${members}u) { found[thread] = total; }
  workgroupBarrier();
  if (member < ${members}u && lane == 0u) {
    for (var other = 1u; other < ${lanes}u; other++) { total += found[thread + other]; }
    limits[(group.y * ${members}u + member) * (arrayLength(&limits) / ${heads}u) + split] = vec2<f32>(highest, total);
  }

  let slice = thread / ${vectors}u;
  let vector = thread % ${vectors}u;
${lines(keysPerSlice, (index) => `  let value_${index} = values[${vectorRow(`min(first_key + ${index * slices}u + slice, position)`)} + vector];`)}
${lines(members, (member) => `  {
${lines(quads, (quad) => `    var sum_${quad} = vec4<f32>();`)}
    if (slice < ${slices}u) {
${lines(keysPerSlice, (index) => {
    const key = `${index * slices}u + slice`;
    const add = `let weight = scores[${member * keysPerSplit}u + ${key}]; ${ofVector(`value_${index}`).map((quad, place) => `sum_${place} += weight * ${quad};`).join(' ')}`;
    return (index + 1) * slices > keysPerSplit ? `      if (${key} < ${keysPerSplit}u) { ${add} }` : `      { ${add} }`;
  })}
    }
    workgroupBarrier();
    if (slice < ${slices}u) {
${lines(quads, (quad) => `      shared_rows[slice * ${channels}u + vector * ${quads}u + ${quad}u] = sum_${quad};`)}
    }
    workgroupBarrier();
    if (thread < ${channels}u) {
      var sum = vec4<f32>();
      for (var other = 0u; other < ${slices}u; other++) { sum += shared_rows[other * ${channels}u + thread]; }
      sums[(split * ${heads}u + group.y * ${members}u + ${member}u) * ${channels}u + thread] = sum;
    }
  }`)}
}
`;
}

/** What `combineShader` takes of a workgroup. */
export function combineNeeds(heads: DecoderHeads): { invocations: number; bytes: number } {
  const { channels, slices } = cutting({ ...heads, element: 'f32' });
  return { invocations: threads, bytes: 4 * threads + 16 * slices * channels + 4 * slices };
}

/** Joins what `stepAttentionShader` left to `attended` [heads · headSize]. `main` is run on one workgroup a head. */
export function combineShader(shape: DecoderHeads): string {
  const { heads, element } = shape;
  const { channels, slices } = cutting({ ...shape, element: 'f32' }); // an invocation has four channels
  return `struct Parameters { first_head: u32 }

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> state: array<u32>;
@group(0) @binding(2) var<storage, read> sums: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> limits: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> attended: array<${quadType(element)}>;

var<workgroup> found: array<f32, ${threads}>;
var<workgroup> parts: array<vec4<f32>, ${slices * channels}>;
var<workgroup> totals: array<f32, ${slices}>;
${quadFunctions('element', element)}

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let head = parameters.first_head + group.x;
  let splits = state[0] / ${keysPerSplit}u + 1u;
  let own_limits = head * (arrayLength(&limits) / ${heads}u);
  var most = ${lowest};
  for (var split = thread; split < splits; split += ${threads}u) { most = max(most, limits[own_limits + split].x); }
  found[thread] = most;
  workgroupBarrier();
  var highest = ${lowest};
  for (var other = 0u; other < min(splits, ${threads}u); other++) { highest = max(highest, found[other]); }

  let slice = thread / ${channels}u;
  let channel = thread % ${channels}u;
  if (slice < ${slices}u) {
    var total = 0.0;
    var sum = vec4<f32>();
    for (var split = slice; split < splits; split += ${slices}u) {
      let limit = limits[own_limits + split];
      let factor = exp2(limit.x - highest);
      total += factor * limit.y;
      sum += factor * sums[(split * ${heads}u + head) * ${channels}u + channel];
    }
    if (channel == 0u) { totals[slice] = total; } // the same of every channel
    parts[slice * ${channels}u + channel] = sum;
  }
  workgroupBarrier();
  if (thread < ${channels}u) {
    var total = 0.0;
    var sum = vec4<f32>();
    for (var other = 0u; other < ${slices}u; other++) {
      total += totals[other];
      sum += parts[other * ${channels}u + thread];
    }
    attended[head * ${channels}u + thread] = pack_element(sum / total);
  }
}
`;
}
