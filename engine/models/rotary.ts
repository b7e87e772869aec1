/** Each [positions, rotarySize / 2]. */
export type RotaryTables = { readonly cosine: Float32Array<ArrayBuffer>; readonly sine: Float32Array<ArrayBuffer> };

/**
 * Cosines and sines of rotary position embedding by halves (GPT-NeoX order): channel i of the first half turns with
 * channel i of the second by position · theta^(−2i / rotarySize).
 *
 * The reference (flash-attention's `rotary.py`, transformers' Qwen2) computes the inverse frequencies and the angles in
 * float32. At position 234,000 an angle in double precision differs by up to 0.01 rad, so both are rounded here too.
 */
export function rotaryTables(
  positions: Int32Array, rotarySize: number, theta: number, frequencies: Float32Array = inverseFrequencies(rotarySize, theta),
): RotaryTables {
  const half = rotarySize / 2;
  const cosine = new Float32Array(positions.length * half);
  const sine = new Float32Array(positions.length * half);
  let place = 0;
  for (const position of positions) {
    for (let index = 0; index < half; index += 1) {
      const angle = Math.fround(position * (frequencies[index] as number));
      cosine[place] = Math.cos(angle);
      sine[place] = Math.sin(angle);
      place += 1;
    }
  }
  return { cosine, sine };
}

/** 1 / theta^(2i / rotarySize) in the float32 steps of the reference. */
export function inverseFrequencies(rotarySize: number, theta: number): Float32Array {
  return Float32Array.from({ length: rotarySize / 2 }, (_, index) =>
    1 / Math.fround(theta ** Math.fround(Math.fround(2 * index) / rotarySize)));
}
