/** What kernels keep numbers in between each other: halves, or floats where a model computes in float32. Sums are floats always. */
export type Element = 'f16' | 'f32';

/** Numbers as they lie in buffers: floats, or the bits of halves. */
export type DeviceNumbers = Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer>;

/** Elements of a vec4<u32>, the unit in which everything is moved. */
export function elementsPerVector(element: Element): number {
  return element === 'f16' ? 8 : 4;
}

export function bytesPerElement(element: Element): number {
  return element === 'f16' ? 2 : 4;
}

/** WGSL's type of four elements side by side, as `quadFunctions` take and give them. */
export function quadType(element: Element): string {
  return element === 'f16' ? 'vec2<u32>' : 'vec4<u32>';
}

/** WGSL: `quad_NAME` from four stored elements to floats, `pack_NAME` back. */
export function quadFunctions(name: string, element: Element): string {
  return element === 'f16'
    ? `fn quad_${name}(stored: vec2<u32>) -> vec4<f32> { return vec4<f32>(unpack2x16float(stored.x), unpack2x16float(stored.y)); }
fn pack_${name}(quad: vec4<f32>) -> vec2<u32> { return vec2<u32>(pack2x16float(quad.xy), pack2x16float(quad.zw)); }`
    : `fn quad_${name}(stored: vec4<u32>) -> vec4<f32> { return bitcast<vec4<f32>>(stored); }
fn pack_${name}(quad: vec4<f32>) -> vec4<u32> { return bitcast<vec4<u32>>(quad); }`;
}

/** WGSL expressions of the quads in a vec4<u32> of elements, each vec4<f32>; needs the `quadFunctions` of that name. */
export function quadsOf(name: string, element: Element, vector: string): string[] {
  return element === 'f16' ? [`quad_${name}(${vector}.xy)`, `quad_${name}(${vector}.zw)`] : [`quad_${name}(${vector})`];
}
