/** Element types of tensors in a graph, as this project names them. */
export type ElementType = 'float32' | 'float16' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

/** ONNX `TensorProto.DataType` codes (onnx.proto3). */
const onnxCodes = {
  float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10,
} as const satisfies Record<ElementType, number>;

const byteSizes = {
  float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1, float16: 2,
} as const satisfies Record<ElementType, number>;

/** The code that ONNX files carry for an element type. */
export function onnxCode(type: ElementType): number {
  return onnxCodes[type];
}

/** The element type of a code; undefined for those that this project does not use. */
export function elementType(code: number): ElementType | undefined {
  return (Object.keys(onnxCodes) as ElementType[]).find((type) => onnxCodes[type] === code);
}

/** Bytes of one element. */
export function elementByteLength(type: ElementType): number {
  return byteSizes[type];
}

/** Number of elements of a shape; 1 for a scalar (no dimensions). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
