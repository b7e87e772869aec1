import { wholeView } from '../geometry/view.ts';
import type { AppState } from '../store/app-store.ts';
import { chaptersOf } from '../store/chapters-slice.ts';
import type { Mark } from '../store/marks.ts';
import { hasMemaug } from '../store/models-slice.ts';
import { shownSeconds } from '../store/player-slice.ts';
import type { SubtitleTrack } from '../store/timeline-slice.ts';
import type { Colours } from './colours.ts';
import { layLanes, type LaneContents } from './lanes.ts';
import type { Chapter, Gap, Scene } from './scene.ts';
import { coveredLabel } from './ticks.ts';

const nothing: readonly never[] = [];
const wide = 16 / 9;

/** Which lanes a video has. Known from its description, before what they show has been fetched. */
export function laneContents({ memory, video, chapters, subtitleTracks, lookedAt, models }: Pick<AppState, 'memory' | 'video' | 'chapters' | 'subtitleTracks' | 'lookedAt' | 'models'>): LaneContents {
  return {
    // Kept empty for the next answer, unless that will have none; one of another model may be selected.
    lookedAt: memory !== undefined && (lookedAt !== undefined || hasMemaug({ models })),
    waveform: (video?.file?.audioCodecs.length ?? 0) > 0,
    subtitles: subtitleTracks.length > 0 || (memory?.subtitleTracks ?? 0) > 0,
    chapters: chaptersOf({ video, chapters }).length > 0,
  };
}

/** The track that is shown over the picture, otherwise the first. */
export function shownTrack({ subtitleTracks, subtitleTrack }: Pick<AppState, 'subtitleTracks' | 'subtitleTrack'>): SubtitleTrack | undefined {
  return subtitleTracks[subtitleTrack ?? 0];
}

export type Surface = { readonly width: number; readonly height: number; readonly pixelRatio: number; readonly colours: Colours; readonly words: Scene['words'] };

/** What the state looks like on a surface. Members that did not change are the same objects, so scenes compare by member. */
export function sceneOf(state: AppState, playheadSeconds: number, { width, height, pixelRatio, colours, words }: Surface, marks: readonly Mark[]): Scene {
  const videoSeconds = shownSeconds(state);
  const { width: fileWidth = 0, height: fileHeight = 0 } = state.video?.file ?? {};
  const view = state.view ?? wholeView(videoSeconds);
  const chapters: readonly Chapter[] = chaptersOf(state);
  const gaps: readonly Gap[] = state.memory?.gaps ?? nothing;
  return {
    width, height, pixelRatio, colours, words, marks, videoSeconds, chapters, gaps,
    view,
    coveredLabel: coveredLabel({ view, width }, playheadSeconds),
    lanes: layLanes(height, laneContents(state)),
    frameTimes: state.frameTimes,
    pictureSeconds: pictureSeconds(state),
    coverageSeconds: Math.min(state.memory?.coverageSeconds ?? 0, videoSeconds),
    aspect: fileWidth > 0 && fileHeight > 0 ? Math.max(0.4, Math.min(fileWidth / fileHeight, 2.6)) : wide,
    lookedAt: state.lookedAt,
    waveform: state.waveform,
    cues: shownTrack(state)?.cues ?? nothing,
    selectedAnswerId: state.selectedAnswerId,
  };
}

/** How far there are pictures: as far as the memory goes, or, where they are those of another model's memory, to the last of them. */
function pictureSeconds({ frameTimes, memory }: AppState): number {
  if (frameTimes === undefined) return 0;
  return frameTimes.memoryId === memory?.id ? memory.coverageSeconds : (frameTimes.ptsSeconds.at(-1) ?? -1) + 1;
}

/** Whether two scenes are the same picture. */
export function isSameScene(one: Scene, other: Scene): boolean {
  return (Object.keys(one) as (keyof Scene)[]).every((name) => {
    if (name === 'view') return one.view.startSeconds === other.view.startSeconds && one.view.endSeconds === other.view.endSeconds;
    if (name === 'lanes') return Object.keys(one.lanes).every((lane) => sameLane(one, other, lane as keyof Scene['lanes']));
    return one[name] === other[name];
  });
}

function sameLane(one: Scene, other: Scene, name: keyof Scene['lanes']): boolean {
  return one.lanes[name]?.top === other.lanes[name]?.top && one.lanes[name]?.height === other.lanes[name]?.height;
}
