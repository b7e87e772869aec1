import type { AttentionSteps } from './attention-shader.ts';
import { attentionStrides, rowPlaces, spilledChannels, threads, tileRows } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import { elementsPerVector } from './elements.ts';

/** The steps as loops over workgroup memory: the definition that the others are held to. Keys and values are staged. */
export function plainSteps(shape: AttentionShape): AttentionSteps {
  const { headSize, element, tiles } = shape;
  const perVector = elementsPerVector(element);
  const strides = attentionStrides(headSize, element, tiles);
  const rows = tileRows(tiles);
  const channels = spilledChannels(shape);
  const each = (count: number, body: string) => `    for (var item = thread; item < ${count}u; item += ${threads(tiles)}u) {
${body}
    }`;
  const move = (part: number, statement: (sums: string, scores: string) => string) => each(rows * (channels[part] as number), `      let row = item / ${channels[part] as number}u;
      let column = item % ${channels[part] as number}u;
      ${statement(`sums[row * ${headSize}u + ${part * tiles.keys}u + column]`, `scores[row * ${strides.scores}u + column / 4u][column % 4u]`)};`);
  const staged = (name: string, key: string) => `element_of(staged_${name}[${key} * ${strides.staged}u + channel / ${perVector}u], channel % ${perVector}u)`;
  return {
    enables: '',
    parameters: '',
    declarations: `var<workgroup> sums: array<f32, ${rows * headSize}>;
fn element_of(vector: vec4<u32>, place: u32) -> f32 {
  return ${element === 'f16' ? 'unpack2x16float(vector[place / 2u])[place % 2u]' : 'bitcast<f32>(vector[place])'};
}`,
    begin: each(rows * headSize, '      sums[item] = 0.0;'),
    score: each(rows * tiles.keys, `      let row = item / ${tiles.keys}u;
      let key = item % ${tiles.keys}u;
      var score = 0.0;
      for (var channel = 0u; channel < ${headSize}u; channel++) {
        let query = element_of(queries[(first_row + row) * ${rowPlaces(shape).stride}u + head + channel / ${perVector}u], channel % ${perVector}u);
        score += query * ${staged('keys', 'key')};
      }
      scores[row * ${strides.scores}u + key / 4u][key % 4u] = score;`),
    accumulate: each(rows * headSize, `      let row = item / ${headSize}u;
      let channel = item % ${headSize}u;
      var sum = sums[item];
      for (var key = 0u; key < ${tiles.keys}u; key++) {
        sum += element_of(weights[row * ${strides.weights}u + key / ${perVector}u], key % ${perVector}u) * ${staged('values', 'key')};
      }
      sums[item] = sum;`),
    spill: (part) => move(part, (sums, scores) => `${scores} = ${sums}`),
    fill: (part) => move(part, (sums, scores) => `${sums} = ${scores}`),
  };
}
