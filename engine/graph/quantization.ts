/**
 * Block-wise weight quantisation in the layout of ONNX Runtime's MatMulNBits: each row (one output channel) is cut
 * into blocks along the inputs, a block has one scale, codes are unsigned around a fixed midpoint of 2^(bits−1).
 */
export const quantizationBlockSize = 32;

export type QuantizedMatrix = {
  /** uint8 [outputs, blocks, blockSize · bits / 8]; 4-bit codes lie two to a byte, the earlier one in the low half. */
  readonly codes: Uint8Array;
  /** [outputs, blocks] */
  readonly scales: Float32Array;
  readonly blocks: number;
};

/** Quantises `values` [outputs, inputs], into given arrays or new ones; inputs that do not fill a block are padded with zeros. */
export function quantizeBlocks(
  values: Float32Array, outputs: number, inputs: number, bits: 4 | 8, into?: Pick<QuantizedMatrix, 'codes' | 'scales'>,
): QuantizedMatrix {
  const blocks = Math.ceil(inputs / quantizationBlockSize);
  const midpoint = 2 ** (bits - 1);
  const bytesPerBlock = quantizationBlockSize * bits / 8;
  const codes = into?.codes ?? new Uint8Array(outputs * blocks * bytesPerBlock);
  const scales = into?.scales ?? new Float32Array(outputs * blocks);
  for (let output = 0; output < outputs; output += 1) {
    for (let block = 0; block < blocks; block += 1) {
      const index = output * blocks + block;
      const start = output * inputs + block * quantizationBlockSize;
      const end = Math.min(start + quantizationBlockSize, (output + 1) * inputs);
      const scale = blockScale(values, start, end, midpoint);
      scales[index] = scale;
      const target = codes.subarray(index * bytesPerBlock, (index + 1) * bytesPerBlock);
      if (bits === 8) encodeBytes(values, start, end, scale, midpoint, target);
      else encodeNibbles(values, start, end, scale, midpoint, target);
    }
  }
  return { codes, scales, blocks };
}

/**
 * The value of largest magnitude is mapped onto the code −midpoint, whose range reaches one step further than the
 * positive side: no value is clipped and the step is as small as it can be.
 */
function blockScale(values: Float32Array, start: number, end: number, midpoint: number): number {
  let extreme = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index] as number;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  }
  return extreme === 0 ? 0 : -extreme / midpoint;
}

function encodeBytes(values: Float32Array, start: number, end: number, scale: number, midpoint: number, target: Uint8Array): void {
  target.fill(midpoint);
  if (scale === 0) return;
  for (let index = start; index < end; index += 1) target[index - start] = nearestCode(values[index] as number, scale, midpoint);
}

function encodeNibbles(values: Float32Array, start: number, end: number, scale: number, midpoint: number, target: Uint8Array): void {
  target.fill(midpoint | (midpoint << 4));
  if (scale === 0) return;
  for (let index = start; index < end; index += 2) {
    const low = nearestCode(values[index] as number, scale, midpoint);
    const high = index + 1 < end ? nearestCode(values[index + 1] as number, scale, midpoint) : midpoint;
    target[(index - start) >> 1] = low | (high << 4);
  }
}

/** The quotient is above −midpoint − ½, so that cutting off its fraction rounds down, as rounding to the nearest asks. */
function nearestCode(value: number, scale: number, midpoint: number): number {
  const code = (value / scale + (midpoint + 0.5)) | 0;
  return code > 2 * midpoint - 1 ? 2 * midpoint - 1 : code;
}

/** Back to float32 [outputs, inputs]; for tests and for measuring what quantisation costs. */
export function dequantizeBlocks(matrix: QuantizedMatrix, outputs: number, inputs: number, bits: 4 | 8): Float32Array {
  const midpoint = 2 ** (bits - 1);
  const bytesPerBlock = quantizationBlockSize * bits / 8;
  return Float32Array.from({ length: outputs * inputs }, (_, index) => {
    const output = Math.floor(index / inputs);
    const input = index % inputs;
    const block = output * matrix.blocks + Math.floor(input / quantizationBlockSize);
    const within = input % quantizationBlockSize;
    const byte = matrix.codes[block * bytesPerBlock + (bits === 8 ? within : within >> 1)] as number;
    const value = bits === 8 ? byte : (within % 2 === 0 ? byte & 15 : byte >> 4);
    return (value - midpoint) * (matrix.scales[block] as number);
  });
}
