import type { TimeRange } from '../geometry/range.ts';
import type { LookedAt } from '../store/conversation-slice.ts';
import type { Mark } from '../store/marks.ts';
import type { FrameTimes, SubtitleTrack, Waveform } from '../store/timeline-slice.ts';
import type { Colours } from './colours.ts';
import type { Lanes } from './lanes.ts';

export type Gap = TimeRange & { readonly reason: string };
/** One without a title is shown with its number. */
export type Chapter = TimeRange & { readonly title?: string | undefined };

/** Everything that the canvas shows, as data. The same scene is the same picture. */
export type Scene = {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly view: TimeRange;
  readonly videoSeconds: number;
  readonly lanes: Lanes;
  readonly colours: Colours;
  readonly frameTimes: FrameTimes | undefined;
  /** Up to here there are pictures of them. */
  readonly pictureSeconds: number;
  /** Up to here there are frames in memory that the model in use answers from. */
  readonly coverageSeconds: number;
  readonly gaps: readonly Gap[];
  /** Width of a picture for its height. */
  readonly aspect: number;
  readonly lookedAt: LookedAt | undefined;
  readonly waveform: Waveform | undefined;
  readonly cues: Readonly<SubtitleTrack['cues']>;
  readonly chapters: readonly Chapter[];
  readonly marks: readonly Mark[];
  readonly selectedAnswerId: string | undefined;
  /** The moment of the ruler whose label the playhead covers. */
  readonly coveredLabel: number | undefined;
  readonly words: { readonly lookedAt: string };
};

export type Pictures = { picture(memoryId: string, frame: number): CanvasImageSource & { readonly width: number; readonly height: number } | undefined };
/** What is used of a canvas' context. */
export type Brush = CanvasRenderingContext2D;
