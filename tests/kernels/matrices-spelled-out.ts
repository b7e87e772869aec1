/** Invocations of a subgroup in `matricesSpelledOut`: each has a row of every matrix. */
export const spelledSubgroup = 16;

/**
 * A shader for matrix units, cut for subgroups of `spelledSubgroup`, as one for any device: an invocation has its row of left and
 * result matrices, right ones stay where they lie, and the operations are loops (gpuweb proposals/subgroup-matrix.md says what
 * they are). It is slow, and it computes what the shader is meant to.
 */
export function matricesSpelledOut(shader: string): string {
  const rights: string[] = [];
  const rows = new Set<string>();
  const spelled = shader
    .replace(/enable .*;\n/gu, '')
    .replace(/, @builtin\(subgroup_id\) subgroup: u32/u, '')
    .replace(/(local_invocation_index\) thread: u32.*\) \{)/u, `$1\n  let subgroup = thread / ${String(spelledSubgroup)}u;\n  lane = thread % ${String(spelledSubgroup)}u;`)
    .replace(/subgroupMatrixLoad<subgroup_matrix_(\w+)<\w+, 16, 16>, (row_major|col_major)>\(&(\w+), /gu, (_, kind: string, layout: string, array: string) => {
      if (kind === 'right') {
        const right = `${layout} ${array}`;
        if (!rights.includes(right)) rights.push(right);
        return `Right(${String(rights.indexOf(right))}u, `;
      }
      rows.add(array);
      return `load_${array}(`;
    })
    .replace(/subgroupMatrixStore<row_major>\(&(\w+), /gu, 'store_$1(')
    .replace(/subgroup_matrix_result<f32, 16, 16>/gu, 'Row')
    .replace(/subgroupMatrixMultiplyAccumulate/gu, 'multiply');
  return `${spelled}
alias Row = array<f32, 16>;
struct Right { which: u32, offset: u32, stride: u32 }
var<private> lane: u32;
fn right_at(right: Right, row: u32, column: u32) -> f32 {
${rights.map((right, index) => {
    const [layout, array = ''] = right.split(' ');
    const [major, minor] = layout === 'row_major' ? ['row', 'column'] : ['column', 'row'];
    return `  if (right.which == ${String(index)}u) { return ${elementOf(shader, array, `right.offset + ${major} * right.stride`, minor)}; }`;
  }).join('\n')}
  return 0.0;
}
fn multiply(left_row: Row, right: Right, sums: Row) -> Row {
  var left = left_row;
  var row = sums;
  for (var inner = 0u; inner < 16u; inner++) {
    for (var column = 0u; column < 16u; column++) { row[column] += left[inner] * right_at(right, inner, column); }
  }
  return row;
}
${[...rows].map((array) => `fn load_${array}(offset: u32, stride: u32) -> Row {
  var row: Row;
  for (var column = 0u; column < 16u; column++) { row[column] = ${elementOf(shader, array, 'offset + lane * stride', 'column')}; }
  return row;
}`).join('\n')}
${[...new Set(Array.from(shader.matchAll(/subgroupMatrixStore<row_major>\(&(\w+)/gu), ([, array = '']) => array))].map((array) => `fn store_${array}(offset: u32, sums: Row, stride: u32) {
  var row = sums;
  for (var column = 0u; column < 16u; column++) { ${array}[offset + lane * stride + column / 4u][column % 4u] = ${holdsFloats(shader, array) ? 'row[column]' : 'bitcast<u32>(row[column])'}; }
}`).join('\n')}
`;
}

/** Offsets and strides count the elements of an array: vectors of eight halves, or of four floats. */
function elementOf(shader: string, array: string, row: string, column: string): string {
  return holdsFloats(shader, array) ? `${array}[${row} + ${column} / 4u][${column} % 4u]`
    : `unpack2x16float(${array}[${row} + ${column} / 8u][(${column} / 2u) % 4u])[${column} % 2u]`;
}

function holdsFloats(shader: string, array: string): boolean {
  return shader.includes(`${array}: array<vec4<f32>`);
}
