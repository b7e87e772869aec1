import type { Slice } from './app-store.ts';

/** What the page's video element can be told. It registers itself; nothing else touches it. */
export type PlayerCommands = {
  seek(seconds: number): void;
  play(): void;
  pause(): void;
  setRate(rate: number): void;
  setVolume(volume: number, muted: boolean): void;
};

export type PlayerSlice = {
  readonly currentSeconds: number;
  /** Of the file, as the element says; undefined before it knows. */
  readonly playerSeconds: number | undefined;
  readonly playing: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly muted: boolean;
  /** Index of the subtitle track that is shown, or undefined for none. */
  readonly subtitleTrack: number | undefined;
  readonly player: PlayerCommands | undefined;
  registerPlayer(player: PlayerCommands | undefined): void;
  /** What the element reports. */
  takePlayer(report: Partial<Pick<PlayerSlice, 'currentSeconds' | 'playerSeconds' | 'playing' | 'rate' | 'volume' | 'muted'>>): void;
  /** Goes to a moment; works before the element is there, and without a file (the timeline still shows it). */
  seek(seconds: number): void;
  togglePlaying(): void;
  setRate(rate: number): void;
  setVolume(volume: number, muted: boolean): void;
  showSubtitles(track: number | undefined): void;
  resetPlayer(): void;
};

/** How long the video is, from what is known best. */
export function shownSeconds(state: { playerSeconds: number | undefined; video: { durationSeconds?: number | undefined } | undefined; memory: { coverageSeconds: number } | undefined }): number {
  return state.playerSeconds ?? state.video?.durationSeconds ?? state.memory?.coverageSeconds ?? 0;
}

export const playerSlice: Slice<PlayerSlice> = () => (set, get) => ({
  currentSeconds: 0,
  playerSeconds: undefined,
  playing: false,
  rate: 1,
  volume: 1,
  muted: false,
  subtitleTrack: undefined,
  player: undefined,
  registerPlayer(player) { set({ player }); },
  takePlayer(report) { set(report); },
  seek(seconds) {
    const length = shownSeconds(get());
    const currentSeconds = Math.max(0, length > 0 ? Math.min(seconds, length) : seconds);
    set({ currentSeconds });
    get().player?.seek(currentSeconds);
    get().reveal(currentSeconds);
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
    set({ volume, muted });
    get().player?.setVolume(volume, muted);
  },
  showSubtitles(subtitleTrack) { set({ subtitleTrack }); },
  resetPlayer() { set({ currentSeconds: 0, playerSeconds: undefined, playing: false, subtitleTrack: undefined }); },
});
