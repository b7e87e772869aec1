import { quadFunctions, quadType } from './elements.ts';
import { isQuantised } from './linear-shape.ts';
import type { Activation, LinearShape, WeightLayout } from './linear-shape.ts';

/** WGSL that both spellings of a linear layer have in common. */

/** The buffers, in the order in which they are bound. Input and weight are moved as vec4<u32>, the result four elements at a time. */
export function linearBindings({ element, resultElement = element, weight, stored, biased, preparation }: LinearShape): string {
  const buffers = [
    'var<storage, read> input: array<vec4<u32>>;',
    ...(preparation?.kind === 'rms-norm' ? [`var<storage, read> norm_scale: array<${quadType(stored)}>;`] : []),
    'var<storage, read> weight: array<vec4<u32>>;',
    ...(isQuantised(weight) ? ['var<storage, read> scales: array<u32>;'] : []),
    ...(biased ? [`var<storage, read> bias: array<${quadType(stored)}>;`] : []),
    `var<storage, read_write> result: array<${quadType(resultElement)}>;`,
  ];
  return ['struct Parameters { first: u32, rows: u32, result_row: u32 }', '@group(0) @binding(0) var<uniform> parameters: Parameters;',
    ...buffers.map((buffer, index) => `@group(0) @binding(${index + 1}) ${buffer}`)].join('\n');
}

/** `finish(row, quad, sums)` writes four results, and the functions that it needs. */
export function finishFunction(shape: LinearShape): string {
  const { outputs, element, resultElement = element, stored, biased, activation, adds, preparation } = shape;
  const result = resultElement === element ? 'element' : 'result';
  const place = `(parameters.result_row + row) * ${outputs / 4}u + quad`;
  return `${quadFunctions('element', element)}
${resultElement === element ? '' : quadFunctions('result', resultElement)}
${(biased || preparation?.kind === 'rms-norm') && stored !== element ? quadFunctions('stored', stored) : ''}
${activations[activation]}
fn finish(row: u32, quad: u32, sums: vec4<f32>) {
  var all = sums;
${biased ? `  all += quad_${storedName(shape)}(bias[quad]);` : ''}
${activation === 'none' ? '' : '  all = activated(all);'}
${adds ? `  all += quad_${result}(result[${place}]);` : ''}
  result[${place}] = pack_${result}(all);
}`;
}

/** What `quadFunctions` of stored scales and biases are called. */
export function storedName({ element, stored }: LinearShape): string {
  return stored === element ? 'element' : 'stored';
}

/** erf after Abramowitz and Stegun, 7.1.26: off by 1.5e-7 at most. WGSL's tanh leaves the range of floats on some drivers where its argument is large. */
const activations: Readonly<Record<Activation, string>> = {
  none: '',
  gelu: `fn activated(x: vec4<f32>) -> vec4<f32> {
  let z = abs(x) * ${Math.SQRT1_2};
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let rest = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * exp(-z * z);
  return 0.5 * x * (1.0 + sign(x) * (1.0 - rest));
}`,
  'gelu-tanh': `fn activated(x: vec4<f32>) -> vec4<f32> {
  let inner = clamp(${Math.sqrt(2 / Math.PI)} * (x + 0.044715 * x * x * x), vec4<f32>(-15.0), vec4<f32>(15.0));
  return 0.5 * x * (1.0 + tanh(inner));
}`,
  silu: 'fn activated(x: vec4<f32>) -> vec4<f32> { return x / (1.0 + exp(-x)); }',
};

/** `scale_of(place)`: a block's scale. */
export function scaleFunction({ stored }: LinearShape): string {
  return stored === 'f16'
    ? 'fn scale_of(place: u32) -> f32 { return unpack2x16float(scales[place / 2u])[place % 2u]; }'
    : 'fn scale_of(place: u32) -> f32 { return bitcast<f32>(scales[place]); }';
}

/**
 * `codes_of(word)`: the four lowest codes of a u32 as floats around zero. A code becomes the last bits of the float 2^23, from which
 * it is told by a subtraction: devices convert integers several times slower than they add.
 */
export function codesFunction(weight: WeightLayout): string {
  const [bits, mask, middle] = weight === 'int8' ? [8, '0xffu', 128] : [4, '0xfu', 8];
  const shifts = `vec4<u32>(0u, ${bits}u, ${2 * bits}u, ${3 * bits}u)`;
  return `fn codes_of(word: u32) -> vec4<f32> {
  let codes = (vec4<u32>(word) >> ${shifts}) & vec4<u32>(${mask});
  return bitcast<vec4<f32>>(codes | vec4<u32>(0x4b000000u)) - ${8_388_608 + middle}.0;
}`;
}

/** WGSL expressions of all codes in a u32, four at a time. */
export function codeQuads(weight: 'int8' | 'int4', word: string): string[] {
  return weight === 'int8' ? [`codes_of(${word})`] : [`codes_of(${word})`, `codes_of(${word} >> 16u)`];
}
