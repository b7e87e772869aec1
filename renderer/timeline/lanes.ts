export type Lane = { readonly top: number; readonly height: number };
export type LaneName = 'ruler' | 'marks' | 'pictures' | 'coverage' | 'lookedAt' | 'waveform' | 'subtitles' | 'chapters';
export type Lanes = { readonly [Name in LaneName]: Lane | undefined };

/** What there is to show of a video. It is known before anything has arrived, so nothing moves when it does. */
export type LaneContents = { readonly lookedAt: boolean; readonly waveform: boolean; readonly subtitles: boolean; readonly chapters: boolean };

/** Of the row under the lanes, in CSS pixels. */
export const toolbarHeight = 34;
const gap = 4;
const leastPictures = 34;
const fixed = { ruler: 22, marks: 12, coverage: 3, lookedAt: 26, waveform: 26, subtitles: 16, chapters: 18 } as const;
/** From top to bottom. */
const order: readonly LaneName[] = ['ruler', 'marks', 'pictures', 'coverage', 'lookedAt', 'waveform', 'subtitles', 'chapters'];
/** Left out one after the other where the height does not suffice. */
const dispensable = ['subtitles', 'chapters', 'waveform', 'lookedAt'] as const;

/** Lanes over a height in CSS pixels: the pictures get what the others leave. */
export function layLanes(height: number, contents: LaneContents): Lanes {
  const left = new Set<LaneName>(dispensable.filter((name) => !contents[name]));
  const heightOf = (name: LaneName): number => name === 'pictures' || left.has(name) ? 0 : fixed[name] + (name === 'ruler' || name === 'coverage' ? 0 : gap);
  const forPictures = (): number => height - order.reduce((sum, name) => sum + heightOf(name), 0);
  for (const name of dispensable) {
    if (forPictures() >= leastPictures) break;
    left.add(name);
  }
  const pictures = Math.max(0, forPictures());
  let top = 0;
  const lanes: { [Name in LaneName]: Lane | undefined } = { ruler: undefined, marks: undefined, pictures: undefined, coverage: undefined, lookedAt: undefined, waveform: undefined, subtitles: undefined, chapters: undefined };
  for (const name of order) {
    if (left.has(name)) continue;
    const laneHeight = name === 'pictures' ? pictures : fixed[name];
    const before = name === 'lookedAt' || name === 'waveform' || name === 'subtitles' || name === 'chapters' ? gap : 0;
    lanes[name] = { top: top + before, height: laneHeight };
    top += laneHeight + (name === 'pictures' ? 0 : heightOf(name) - laneHeight);
  }
  return lanes;
}
