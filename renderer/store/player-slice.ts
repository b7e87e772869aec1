import type { Slice } from './app-store.ts';

/** What the page's video element can be told. It registers itself; nothing else touches it. */
export type PlayerCommands = {
  seek(seconds: number): void;
  play(): void;
  pause(): void;
  setRate(rate: number): void;
  setVolume(volume: number, muted: boolean): void;
  /** The moment that is shown, exact to the frame of the screen; the state hears of it a few times a second. */
  now(): number;
  togglePictureInPicture(): Promise<void>;
};

/** `failed`: this page cannot play it. `unknown`: nothing has been tried. */
export type PlayerStage = 'unknown' | 'loading' | 'ready' | 'failed';

export type PlayerSlice = {
  readonly currentSeconds: number;
  /** Of the file, as the element says; undefined before it knows. */
  readonly playerSeconds: number | undefined;
  readonly playerStage: PlayerStage;
  readonly playing: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly muted: boolean;
  /** Whether the picture fills the screen. */
  readonly filled: boolean;
  /** Index of the subtitle track that is shown, or undefined for none. */
  readonly subtitleTrack: number | undefined;
  readonly player: PlayerCommands | undefined;
  registerPlayer(player: PlayerCommands | undefined): void;
  /** What the element reports. */
  takePlayer(report: Partial<Pick<PlayerSlice, 'currentSeconds' | 'playerSeconds' | 'playerStage' | 'playing' | 'rate' | 'volume' | 'muted' | 'filled'>>): void;
  /** Goes to a moment; works before the element is there, and without a file (the timeline still shows it). */
  seek(seconds: number): void;
  /** One picture of the film on or back; playing stops. */
  stepFrame(direction: 1 | -1): void;
  togglePlaying(): void;
  setRate(rate: number): void;
  setVolume(volume: number, muted: boolean): void;
  showSubtitles(track: number | undefined): void;
  resetPlayer(): void;
};

/** How fast it can be played, in the order of a menu. */
export const playerRates = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

type Length = { readonly durationSeconds?: number | undefined };

/** How long the video is, from what is known best: before its file and its details have come, its card says it. */
export function shownSeconds({ playerSeconds, video, videos, selectedVideoId, memory }: {
  readonly playerSeconds: number | undefined; readonly video: Length | undefined; readonly videos: readonly (Length & { readonly id: string })[];
  readonly selectedVideoId: string | undefined; readonly memory: { readonly coverageSeconds: number } | undefined;
}): number {
  return playerSeconds ?? video?.durationSeconds ?? videos.find(({ id }) => id === selectedVideoId)?.durationSeconds ?? memory?.coverageSeconds ?? 0;
}

/** The middle of the picture after or before the one at a moment: its edges are where rounding shows the wrong one. */
export function neighbouringFrame(seconds: number, framesPerSecond: number, direction: 1 | -1): number {
  return Math.max(0, (Math.floor(seconds * framesPerSecond + 1e-3) + direction + 0.5) / framesPerSecond);
}

/** For a file that does not say; about what films have. */
const usualFramesPerSecond = 25;

export const playerSlice: Slice<PlayerSlice> = () => (set, get) => ({
  currentSeconds: 0,
  playerSeconds: undefined,
  playerStage: 'unknown',
  playing: false,
  rate: 1,
  volume: 1,
  muted: false,
  filled: false,
  subtitleTrack: undefined,
  player: undefined,
  registerPlayer(player) {
    // What could not be played stays so until somebody tries again: trying by itself would never end.
    const stage = get().playerStage === 'failed' ? {} : { playerStage: 'unknown' as const };
    set(player === undefined ? { player, playing: false, ...stage } : { player });
  },
  takePlayer(report) {
    set(report);
    if (report.playerStage === 'failed') get().refreshVideo();
  },
  seek(seconds) {
    const length = shownSeconds(get());
    const currentSeconds = Math.max(0, length > 0 ? Math.min(seconds, length) : seconds);
    set({ currentSeconds });
    get().player?.seek(currentSeconds);
    get().reveal(currentSeconds);
  },
  stepFrame(direction) {
    const { player, currentSeconds, video } = get();
    player?.pause();
    const framesPerSecond = video?.file?.framesPerSecond ?? 0;
    get().seek(neighbouringFrame(player?.now() ?? currentSeconds, framesPerSecond > 0 ? framesPerSecond : usualFramesPerSecond, direction));
  },
  togglePlaying() {
    const { player, playing } = get();
    if (playing) player?.pause();
    else player?.play();
  },
  setRate(rate) {
    set({ rate });
    get().player?.setRate(rate);
  },
  setVolume(volume, muted) {
    set({ volume: Math.max(0, Math.min(volume, 1)), muted });
    get().player?.setVolume(get().volume, muted);
  },
  showSubtitles(subtitleTrack) { set({ subtitleTrack }); },
  resetPlayer() { set({ currentSeconds: 0, playerSeconds: undefined, playerStage: 'unknown', playing: false, subtitleTrack: undefined }); },
});
