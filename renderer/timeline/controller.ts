import { viewAt } from '../geometry/view.ts';
import type { AppState, AppStore } from '../store/app-store.ts';
import { marksOf, type Mark } from '../store/marks.ts';
import { readColours, type Colours } from './colours.ts';
import { drawTimeline } from './draw.ts';
import { createPictureCache, type PictureCache } from './picture-cache.ts';
import { isSameScene, sceneOf } from './scene-of.ts';
import type { Scene } from './scene.ts';

/** What everything over the canvas is placed by. */
export type Frame = { readonly scene: Scene; readonly currentSeconds: number; readonly hoverSeconds: number | undefined };

/**
 * Draws the timeline when something of it has changed, once a frame of the screen, without React: an element over the
 * canvas places itself in `onFrame`.
 */
export type TimelineController = {
  readonly pictures: PictureCache;
  /** The last that was drawn; undefined before there is a size. */
  frame(): Frame | undefined;
  /** Called with every frame in which anything may have moved, and at once with the last one. Returns what ends it. */
  onFrame(listener: (frame: Frame) => void): () => void;
  hover(seconds: number | undefined): void;
  setWords(words: Scene['words']): void;
  close(): void;
};

/** What of the state is shown, beside the playhead. */
const shownMembers = ['view', 'video', 'memory', 'frameTimes', 'lookedAt', 'models', 'messages', 'selectedAnswerId', 'subtitleTracks', 'subtitleTrack', 'waveform', 'chapters', 'playerSeconds', 'currentSeconds', 'playing', 'range', 'theme'] as const satisfies readonly (keyof AppState)[];

export function createController(canvas: HTMLCanvasElement, store: AppStore, addressOf: (resource: string) => string, words: Scene['words']): TimelineController {
  const listeners = new Set<(frame: Frame) => void>();
  const brush = canvas.getContext('2d');
  const systemTheme = matchMedia('(prefers-color-scheme: dark)');
  const ends: (() => void)[] = [];
  let size = { width: 0, height: 0 };
  let colours: Colours | undefined;
  let drawn: Scene | undefined;
  let last: Frame | undefined;
  let hoverSeconds: number | undefined;
  let requested = 0;
  let picturesArrived = false;
  let marks: { readonly of: AppState['messages']; readonly list: readonly Mark[] } = { of: [], list: [] };

  const pictures = createPictureCache((memoryId, frame) => addressOf(`thumbnail/${memoryId}/${frame}`), () => { picturesArrived = true; invalidate(); });
  const invalidate = (): void => { if (requested === 0) requested = requestAnimationFrame(render); };
  const recolour = (): void => { colours = undefined; invalidate(); };

  const render = (): void => {
    requested = 0;
    const state = store.getState();
    if (size.width <= 0 || size.height <= 0 || brush === null) return;
    colours ??= readColours(canvas);
    if (marks.of !== state.messages) marks = { of: state.messages, list: keepEqual(marks.list, marksOf(state.messages)) };
    // The element knows the moment better than the state, which hears of it a few times a second.
    const currentSeconds = state.playing ? state.player?.now() ?? state.currentSeconds : state.currentSeconds;
    const scene = sceneOf(state, currentSeconds, { ...size, pixelRatio: devicePixelRatio, colours, words }, marks.list);
    if (drawn === undefined || picturesArrived || !isSameScene(drawn, scene)) {
      fitCanvas(canvas, scene);
      pictures.forgetWanted();
      drawTimeline(brush, scene, pictures);
      picturesArrived = false;
      drawn = scene;
    }
    followPlayhead(state, last?.currentSeconds, currentSeconds);
    last = { scene: drawn, currentSeconds, hoverSeconds };
    for (const listener of listeners) listener(last);
    if (state.playing) invalidate();
  };

  /** A playhead that leaves a zoomed view while playing takes it along, by a page. */
  const followPlayhead = (state: AppState, before: number | undefined, now: number): void => {
    const { view, playing } = state;
    if (!playing || view === undefined || before === undefined || drawn === undefined) return;
    if (before <= view.endSeconds && before >= view.startSeconds && now > view.endSeconds) state.setView(viewAt(view, drawn.videoSeconds, now, 0.04));
  };

  const sizes = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    size = { width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) };
    invalidate();
  });
  sizes.observe(canvas);
  // After the effect that puts the theme on the document: computed colours are those of the next frame.
  const themes = new MutationObserver(recolour);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  systemTheme.addEventListener('change', recolour);
  void document.fonts.ready.then(() => { drawn = undefined; invalidate(); });
  ends.push(
    () => { sizes.disconnect(); themes.disconnect(); systemTheme.removeEventListener('change', recolour); },
    store.subscribe((state, before) => { if (shownMembers.some((name) => state[name] !== before[name])) invalidate(); }),
  );

  return {
    pictures,
    frame: () => last,
    onFrame(listener) {
      listeners.add(listener);
      if (last !== undefined) listener(last);
      return () => { listeners.delete(listener); };
    },
    hover(seconds) { hoverSeconds = seconds; invalidate(); },
    setWords(given) { words = given; invalidate(); },
    close() {
      cancelAnimationFrame(requested);
      for (const end of ends) end();
      pictures.close();
    },
  };
}

/** Setting a canvas' size empties it, so only where it is another. */
function fitCanvas(canvas: HTMLCanvasElement, { width, height, pixelRatio }: Scene): void {
  const pixelWidth = Math.round(width * pixelRatio);
  const pixelHeight = Math.round(height * pixelRatio);
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
}

/** The list as it was where the new one says the same: streamed text changes messages, and hardly ever their times. */
function keepEqual(before: readonly Mark[], now: readonly Mark[]): readonly Mark[] {
  const isSame = before.length === now.length && before.every((mark, index) => {
    const other = now[index];
    return other !== undefined && mark.answerId === other.answerId && mark.startSeconds === other.startSeconds && mark.endSeconds === other.endSeconds && mark.verified === other.verified;
  });
  return isSame ? before : now;
}
