import type { AttentionSteps } from './attention-shader.ts';
import { attentionStrides, matrixSide, rowPlaces, spilledChannels } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import { elementsPerVector } from './elements.ts';
import { lines } from './wgsl-lines.ts';

/**
 * The steps on matrix units, for halves whose products are summed in float32. WGSL's subgroup matrices (Dawn's
 * `chromium_experimental_subgroup_matrix`; gpuweb proposals/subgroup-matrix.md) are typed <element, columns, rows>; offsets
 * and strides count elements of the array that is read, which are vectors of eight halves or four floats here.
 * Everything is written out: sums that a variable indexed would not stay in registers.
 */
export function matrixSteps(shape: AttentionShape): AttentionSteps {
  const { headSize, element, tiles } = shape;
  const side = matrixSide;
  const perVector = elementsPerVector(element);
  const strides = attentionStrides(headSize, element, tiles);
  const rowBlocks = tiles.rowsPerSubgroup / side;
  const channelBlocks = headSize / side;
  const keyBlocks = tiles.keys / side;
  const { stride: rowVectors } = rowPlaces(shape);
  const channels = spilledChannels(shape);
  const result = `subgroup_matrix_result<f32, ${side}, ${side}>`;
  const load = (kind: 'left' | 'right', layout: 'row_major' | 'col_major', array: string, place: string, stride: number) =>
    `subgroupMatrixLoad<subgroup_matrix_${kind}<${element}, ${side}, ${side}>, ${layout}>(&${array}, ${place}, ${stride}u)`;
  const ownRow = (rowBlock: number, stride: number) => `(subgroup * ${tiles.rowsPerSubgroup}u + ${rowBlock * side}u) * ${stride}u`;
  const query = (rowBlock: number, channelBlock: number) => tiles.queriesStay
    ? `query_${rowBlock}_${channelBlock}`
    : load('left', 'row_major', 'queries', `first_query + ${rowBlock * side * rowVectors + channelBlock * side / perVector}u`, rowVectors);
  /** A block of keys by channels, or of channels by keys, of this tile, wherever it lies. */
  const tileMatrix = (name: 'keys' | 'values', keyBlock: number, channelBlock: number) => {
    const stride = tiles.staged ? strides.staged : rowVectors;
    const place = keyBlock * side * stride + channelBlock * side / perVector;
    return load('right', name === 'keys' ? 'col_major' : 'row_major', tiles.staged ? `staged_${name}` : name, `${tiles.staged ? '' : 'first_key + '}${place}u`, stride);
  };
  const sumPart = (part: number, statement: (sum: string, place: string) => string) => lines(rowBlocks, (rowBlock) => lines((channels[part] as number) / side, (block) =>
    statement(`sum_${rowBlock}_${part * keyBlocks + block}`, `${ownRow(rowBlock, strides.scores)} + ${block * side / 4}u`)));
  return {
    enables: 'enable f16;\nenable subgroups;\nenable chromium_experimental_subgroup_matrix;',
    parameters: ', @builtin(subgroup_id) subgroup: u32',
    declarations: '',
    begin: [
      `  let first_query = (first_row + subgroup * ${tiles.rowsPerSubgroup}u) * ${rowVectors}u + head;`,
      lines(rowBlocks, (rowBlock) => lines(channelBlocks, (channelBlock) => `  var sum_${rowBlock}_${channelBlock} = ${result}();`)),
      tiles.queriesStay ? lines(rowBlocks, (rowBlock) => lines(channelBlocks, (channelBlock) => `  let query_${rowBlock}_${channelBlock} = ${
        load('left', 'row_major', 'queries', `first_query + ${rowBlock * side * rowVectors + channelBlock * side / perVector}u`, rowVectors)};`)) : '',
    ].join('\n'),
    score: [
      tiles.staged ? '' : `    let first_key = head + tile * ${tiles.keys * rowVectors}u;`,
      lines(keyBlocks, (keyBlock) => `    {
${lines(rowBlocks, (rowBlock) => `      var score_${rowBlock} = ${result}();`)}
${lines(channelBlocks, (channelBlock) => `      let key_${channelBlock} = ${tileMatrix('keys', keyBlock, channelBlock)};
${lines(rowBlocks, (rowBlock) => `      score_${rowBlock} = subgroupMatrixMultiplyAccumulate(${query(rowBlock, channelBlock)}, key_${channelBlock}, score_${rowBlock});`)}`)}
${lines(rowBlocks, (rowBlock) => `      subgroupMatrixStore<row_major>(&scores, ${ownRow(rowBlock, strides.scores)} + ${keyBlock * side / 4}u, score_${rowBlock}, ${strides.scores}u);`)}
    }`),
    ].join('\n'),
    accumulate: lines(keyBlocks, (keyBlock) => `    {
${lines(rowBlocks, (rowBlock) => `      let weight_${rowBlock} = ${load('left', 'row_major', 'weights', `${ownRow(rowBlock, strides.weights)} + ${keyBlock * side / perVector}u`, strides.weights)};`)}
${lines(channelBlocks, (channelBlock) => `      let value_${channelBlock} = ${tileMatrix('values', keyBlock, channelBlock)};
${lines(rowBlocks, (rowBlock) => `      sum_${rowBlock}_${channelBlock} = subgroupMatrixMultiplyAccumulate(weight_${rowBlock}, value_${channelBlock}, sum_${rowBlock}_${channelBlock});`)}`)}
    }`),
    spill: (part) => sumPart(part, (sum, place) => `    subgroupMatrixStore<row_major>(&scores, ${place}, ${sum}, ${strides.scores}u);`),
    fill: (part) => sumPart(part, (sum, place) => `    ${sum} = subgroupMatrixLoad<${result}, row_major>(&scores, ${place}, ${strides.scores}u);`),
  };
}
