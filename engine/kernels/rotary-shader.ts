import { membersOf, rowChannels } from './decoder-heads.ts';
import type { DecoderHeads } from './decoder-heads.ts';
import { quadFunctions, quadType } from './elements.ts';

/** Invocations of a workgroup, each of which turns four channels with four others. */
export const rotaryThreads = 64;

/** Workgroups of `rotaryShader` along y; along x there is one a row. */
export function rotaryGroups(heads: DecoderHeads): number {
  return Math.ceil(rowChannels(heads) / 8 / rotaryThreads);
}

/**
 * Rotary position embedding by halves (GPT-NeoX order) of a decoder's queries and keys, each moved to where attention reads it:
 * `rows` [rows, (heads + 2 · keyHeads) · headSize] into `queries` [rows · members, keyHeads · headSize] (NOTE causal rows in
 * attention-shader.ts) and, from row `position` on, `keys` and `values` [capacity, keyHeads · headSize].
 * `table` float32 [positions, headSize]: cosines of a position, then sines.
 */
export function rotaryShader(shape: DecoderHeads): string {
  const { heads, keyHeads, headSize, element } = shape;
  const members = membersOf(shape);
  const perHead = headSize / 4;
  const half = perHead / 2;
  const units = (heads + 2 * keyHeads) * half;
  const quads = `array<${quadType(element)}>`;
  return `struct Parameters { first_row: u32, position: u32 }

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> rows: ${quads};
@group(0) @binding(2) var<storage, read> table: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> queries: ${quads};
@group(0) @binding(4) var<storage, read_write> keys: ${quads};
@group(0) @binding(5) var<storage, read_write> values: ${quads};
${quadFunctions('element', element)}

@compute @workgroup_size(${rotaryThreads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let unit = group.y * ${rotaryThreads}u + thread;
  if (unit >= ${units}u) { return; }
  let head = unit / ${half}u;
  let quad = unit % ${half}u;
  let row = parameters.first_row + group.x;
  let position = parameters.position + row;
  let source = row * ${2 * units}u + head * ${perHead}u + quad;
  if (head >= ${heads + keyHeads}u) {
    let to = (position * ${keyHeads}u + head - ${heads + keyHeads}u) * ${perHead}u + quad;
    values[to] = rows[source];
    values[to + ${half}u] = rows[source + ${half}u];
    return;
  }
  let first = quad_element(rows[source]);
  let second = quad_element(rows[source + ${half}u]);
  let cosine = table[position * ${perHead}u + quad];
  let sine = table[position * ${perHead}u + ${half}u + quad];
  let turned_first = pack_element(first * cosine - second * sine);
  let turned_second = pack_element(second * cosine + first * sine);
  if (head < ${heads}u) {
    let to = ((row * ${members}u + head % ${members}u) * ${keyHeads}u + head / ${members}u) * ${perHead}u + quad;
    queries[to] = turned_first;
    queries[to + ${half}u] = turned_second;
  } else {
    let to = (position * ${keyHeads}u + head - ${heads}u) * ${perHead}u + quad;
    keys[to] = turned_first;
    keys[to + ${half}u] = turned_second;
  }
}
`;
}
