/**
 * A shader for matrix units as one for any device: a subgroup is a single invocation that has whole matrices, and their
 * operations are loops (gpuweb proposals/subgroup-matrix.md says what they are). It is slow, and it computes what a shader that is
 * cut for subgroups of one invocation is meant to.
 */
export function matricesSpelledOut(shader: string): string {
  const spelled = shader
    .replace(/enable .*;\n/gu, '')
    .replace(/, @builtin\(subgroup_id\) subgroup: u32/u, '')
    .replace(/(local_invocation_index\) thread: u32\) \{)/u, '$1\n  let subgroup = thread;')
    .replace(/subgroup_matrix_result<f32, 16, 16>/gu, 'Matrix')
    .replace(/subgroupMatrixLoad<subgroup_matrix_(?:left|right)<f16, 16, 16>, (row_major|col_major)>\(&staged, /gu, 'load_$1(')
    .replace(/subgroupMatrixMultiplyAccumulate/gu, 'multiply')
    .replace(/subgroupMatrixStore<row_major>\(&staged, /gu, 'store(');
  return `${spelled}
alias Matrix = array<f32, 256>;
fn half_of(place: u32) -> f32 { return unpack2x16float(staged[place / 8u][(place / 2u) % 4u])[place % 2u]; }
fn load_row_major(offset: u32, stride: u32) -> Matrix {
  var matrix: Matrix;
  for (var place = 0u; place < 256u; place++) { matrix[place] = half_of(8u * (offset + place / 16u * stride) + place % 16u); }
  return matrix;
}
fn load_col_major(offset: u32, stride: u32) -> Matrix {
  var matrix: Matrix;
  for (var place = 0u; place < 256u; place++) { matrix[place] = half_of(8u * (offset + place % 16u * stride) + place / 16u); }
  return matrix;
}
fn multiply(left_matrix: Matrix, right_matrix: Matrix, sums: Matrix) -> Matrix {
  var left = left_matrix;
  var right = right_matrix;
  var matrix = sums;
  for (var place = 0u; place < 256u; place++) {
    for (var inner = 0u; inner < 16u; inner++) { matrix[place] += left[place / 16u * 16u + inner] * right[inner * 16u + place % 16u]; }
  }
  return matrix;
}
fn store(offset: u32, sums: Matrix, stride: u32) {
  var matrix = sums;
  for (var place = 0u; place < 256u; place++) { staged[offset + place / 16u * stride + place % 16u / 4u][place % 4u] = bitcast<u32>(matrix[place]); }
}
`;
}
