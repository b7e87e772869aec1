/** Invocations of a workgroup, all of one row: two of NVIDIA's subgroups, one of AMD's, four of Intel's. */
const invocations = 64;

export type RowUnits = {
  /** What an invocation makes: how many of them a row has. */
  readonly unitsPerRow: number;
  /** Name of the one word of the parameters that these kernels have of their own (word 1). */
  readonly word: string;
  /** Bindings 1 and up, as "name: type"; the last is written, the others are read. */
  readonly buffers: readonly string[];
  /** What stands in front of `main`. */
  readonly functions?: string;
  /** Statements that make one unit: `row` is its row, `unit` its number in the row. */
  readonly body: string;
};

/** What a workgroup of these kernels takes: each invocation makes one piece of one row and needs nothing of the others. */
export const rowUnitsNeeds = { invocations, bytes: 0 };

/** Their WGSL; `Recording` gives the first row of a part. */
export function rowUnitsShader({ unitsPerRow, word, buffers, functions = '', body }: RowUnits): string {
  const bindings = buffers.map((buffer, index) =>
    `@group(0) @binding(${index + 1}) var<storage, ${index === buffers.length - 1 ? 'read_write' : 'read'}> ${buffer};`);
  return `struct Parameters { first: u32, ${word}: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
${bindings.join('\n')}
${functions}

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let unit = group.y * ${invocations}u + thread;
  if (unit >= ${unitsPerRow}u) { return; }
${body}
}
`;
}

/** Workgroups of so many rows. */
export function rowUnitsGroups(rows: number, unitsPerRow: number): [x: number, y: number, z: number] {
  return [rows, Math.ceil(unitsPerRow / invocations), 1];
}
