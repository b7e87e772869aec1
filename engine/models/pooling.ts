/**
 * The weights of PyTorch's `interpolate(mode='bilinear', align_corners=False)` without antialiasing, from a square
 * grid of `side` to one of `target` cells: a row of the result [target², side²] makes one pooled token.
 * The paper calls it average pooling; the released code samples points (`hour_llava_arch.py`, encode_images).
 */
export function poolingMatrix(side: number, target: number): Float32Array<ArrayBuffer> {
  const taps = linearTaps(side, target);
  const matrix = new Float32Array(target * target * side * side);
  taps.forEach((vertical, row) => {
    taps.forEach((horizontal, column) => {
      const start = (row * target + column) * side * side;
      for (const [y, yWeight] of vertical) {
        for (const [x, xWeight] of horizontal) {
          const index = start + y * side + x;
          matrix[index] = (matrix[index] as number) + yWeight * xWeight;
        }
      }
    });
  });
  return matrix;
}

/** For each target cell the two source cells that its centre lies between, and their weights. */
export function linearTaps(side: number, target: number): readonly (readonly (readonly [cell: number, weight: number])[])[] {
  return Array.from({ length: target }, (_, index) => {
    const position = Math.max(0, (index + 0.5) * side / target - 0.5);
    const low = Math.min(side - 1, Math.floor(position));
    const high = Math.min(side - 1, low + 1);
    const fraction = position - low;
    return [[low, 1 - fraction], [high, fraction]] as const;
  });
}
