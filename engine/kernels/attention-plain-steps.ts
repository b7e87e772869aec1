import type { AttentionSteps } from './attention-shader.ts';
import { attentionStrides, rowPlaces, spilledChannels, threads, tileRows } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import { elementsPerVector, quadFunctions, quadsOf } from './elements.ts';
import { lines } from './wgsl-lines.ts';

/**
 * The steps as loops over workgroup memory, four channels at a time: the definition that the others are held to. Keys and
 * values are staged.
 */
export function plainSteps(shape: AttentionShape): AttentionSteps {
  const { headSize, element, tiles } = shape;
  const perVector = elementsPerVector(element);
  const strides = attentionStrides(headSize, element, tiles);
  const rows = tileRows(tiles);
  const quads = headSize / 4;
  const each = (count: number, body: string) => `    for (var item = thread; item < ${count}u; item += ${threads(tiles)}u) {
${body}
    }`;
  const parts = spilledChannels(shape).map((channels) => channels / 4);
  const move = (part: number, statement: (sums: string, scores: string) => string) => each(rows * (parts[part] as number), `      let row = item / ${parts[part] as number}u;
      let quad = item % ${parts[part] as number}u;
      ${statement(`sums[row * ${quads}u + ${part * tiles.keys / 4}u + quad]`, `scores[row * ${strides.scores}u + quad]`)};`);
  const [queryQuads, weightQuads] = [quadsOf('plain', element, 'query'), quadsOf('plain', element, 'weight')];
  return {
    enables: '',
    parameters: '',
    declarations: `var<workgroup> sums: array<vec4<f32>, ${rows * quads}>;
${quadFunctions('plain', element)}
fn value_of(key: u32, quad: u32) -> vec4<f32> {
${element === 'f16' ? `  let vector = staged_values[key * ${strides.staged}u + quad / 2u];
  return quad_plain(select(vector.xy, vector.zw, quad % 2u == 1u));` : `  return quad_plain(staged_values[key * ${strides.staged}u + quad]);`}
}`,
    begin: each(rows * quads, '      sums[item] = vec4<f32>();'),
    score: each(rows * tiles.keys / 4, `      let row = item / ${tiles.keys / 4}u;
      let key = item % ${tiles.keys / 4}u * 4u;
      var score = vec4<f32>();
      for (var place = 0u; place < ${headSize / perVector}u; place++) {
        let query = queries[(first_row + row) * ${rowPlaces(shape).stride}u + head + place];
${lines(queryQuads.length, (index) => `        let query_${index} = ${queryQuads[index] as string};`)}
${lines(4, (next) => `        let key_${next} = staged_keys[(key + ${next}u) * ${strides.staged}u + place];
        score[${next}] += ${quadsOf('plain', element, `key_${next}`).map((quad, index) => `dot(query_${index}, ${quad})`).join(' + ')};`)}
      }
      scores[row * ${strides.scores}u + key / 4u] = score;`),
    accumulate: each(rows * quads, `      let row = item / ${quads}u;
      let quad = item % ${quads}u;
      var sum = sums[item];
      for (var place = 0u; place < ${tiles.keys / perVector}u; place++) {
        let weight = weights[row * ${strides.weights}u + place];
        let key = place * ${perVector}u;
${lines(weightQuads.length, (index) => `        let weights_${index} = ${weightQuads[index] as string};`)}
${lines(perVector, (index) => `        sum += weights_${Math.floor(index / 4)}[${index % 4}] * value_of(key + ${index}u, quad);`)}
      }
      sums[item] = sum;`),
    spill: (part) => move(part, (sums, scores) => `${scores} = ${sums}`),
    fill: (part) => move(part, (sums, scores) => `${sums} = ${scores}`),
  };
}
