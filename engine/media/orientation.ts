/** How a decoded picture must be turned to stand upright: filters for a picture that was scaled already. */
export type Orientation = {
  /** Clockwise turn that makes it upright, before any mirroring. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
  /** ffmpeg filters, in order. */
  readonly filters: readonly string[];
  /** Width and height change places. */
  readonly swapsAxes: boolean;
};

const upright: Orientation = { rotationDegrees: 0, mirrored: false, filters: [], swapsAxes: false };

/**
 * A display matrix maps a stored point (p, q) to (a p + c q, b p + d q), with y downwards. Of [a b; c d] only the signs
 * matter for the eight right-angled orientations, which is every one that a camera writes.
 */
const orientations: Readonly<Record<string, Orientation>> = {
  '1,0,0,1': upright,
  '0,1,-1,0': { rotationDegrees: 90, mirrored: false, filters: ['transpose=clock'], swapsAxes: true },
  '-1,0,0,-1': { rotationDegrees: 180, mirrored: false, filters: ['hflip', 'vflip'], swapsAxes: false },
  '0,-1,1,0': { rotationDegrees: 270, mirrored: false, filters: ['transpose=cclock'], swapsAxes: true },
  '-1,0,0,1': { rotationDegrees: 0, mirrored: true, filters: ['hflip'], swapsAxes: false },
  '1,0,0,-1': { rotationDegrees: 180, mirrored: true, filters: ['vflip'], swapsAxes: false },
  '0,1,1,0': { rotationDegrees: 90, mirrored: true, filters: ['transpose=cclock_flip'], swapsAxes: true },
  '0,-1,-1,0': { rotationDegrees: 270, mirrored: true, filters: ['transpose=clock_flip'], swapsAxes: true },
};

/**
 * Reads ffprobe's print of a display matrix: three lines of an offset, a colon and three integers.
 * A turn that is not a right angle gives the nearest right angle; text that is no matrix gives "upright".
 */
export function parseDisplayMatrix(text: string | undefined): Orientation {
  const numbers = [...(text ?? '').matchAll(/^\s*\d{8}:(.*)$/gm)].flatMap((line) => (line[1] ?? '').trim().split(/\s+/).map(Number));
  const [a, b, , c, d] = numbers;
  if (numbers.length !== 9 || a === undefined || b === undefined || c === undefined || d === undefined) return upright;
  const swapped = Math.abs(b) > Math.abs(a);
  const signs = swapped ? [0, Math.sign(b), Math.sign(c), 0] : [Math.sign(a), 0, 0, Math.sign(d)];
  return orientations[signs.join(',')] ?? upright;
}

/** The orientation of a probe that was stored as two plain values. */
export function orientationOf(rotationDegrees: number, mirrored: boolean): Orientation {
  return Object.values(orientations).find((each) => each.rotationDegrees === rotationDegrees && each.mirrored === mirrored) ?? upright;
}
