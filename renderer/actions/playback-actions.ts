import type { AppState } from '../store/app-store.ts';
import type { Action } from './action.ts';

const hasVideo = ({ selectedVideoId }: AppState): boolean => selectedVideoId !== undefined;
const seekBy = (id: string, keys: string, seconds: number): Action => ({
  id, menu: 'playback', keys, enabled: hasVideo,
  perform: ({ store }) => { store.getState().seek(store.getState().currentSeconds + seconds); },
});

export const playbackActions: readonly Action[] = [
  { id: 'playback.toggle', menu: 'playback', keys: 'Space', enabled: hasVideo, perform: ({ store }) => { store.getState().togglePlaying(); } },
  seekBy('playback.back', 'ArrowLeft', -5),
  seekBy('playback.forward', 'ArrowRight', 5),
  seekBy('playback.backSecond', 'Shift+ArrowLeft', -1),
  seekBy('playback.forwardSecond', 'Shift+ArrowRight', 1),
  seekBy('playback.backMinute', 'Alt+ArrowLeft', -60),
  seekBy('playback.forwardMinute', 'Alt+ArrowRight', 60),
  { id: 'playback.mute', menu: 'playback', keys: 'M', enabled: hasVideo, perform: ({ store }) => { const { volume, muted, setVolume } = store.getState(); setVolume(volume, !muted); } },
  { id: 'playback.clearRange', menu: 'playback', enabled: ({ range }) => range !== undefined, perform: ({ store }) => { store.getState().setRange(undefined); } },
];
