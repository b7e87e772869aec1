import { leastRangeSeconds, rangeBetween } from '../geometry/range.ts';
import type { AppState } from '../store/app-store.ts';
import { landingOf, marksOf } from '../store/marks.ts';
import { playerRates, shownSeconds } from '../store/player-slice.ts';
import type { Action } from './action.ts';
import { toggleFullscreen } from './fullscreen.ts';
import { showConversation } from './show-conversation.ts';

const hasVideo = ({ selectedVideoId }: AppState): boolean => selectedVideoId !== undefined;
const isReady = ({ playerStage }: AppState): boolean => playerStage === 'ready';
const seekBy = (id: string, keys: string, seconds: number): Action => ({
  id, menu: 'playback', keys, enabled: hasVideo,
  perform: ({ store }) => { store.getState().seek(store.getState().currentSeconds + seconds); },
});
/** The next speed of the menu, up or down. */
const changeRate = (id: string, keys: string, direction: 1 | -1): Action => ({
  id, menu: 'playback', keys, enabled: hasVideo,
  perform({ store }) {
    const { rate, setRate } = store.getState();
    const next = direction > 0 ? playerRates.find((each) => each > rate) : playerRates.findLast((each) => each < rate);
    if (next !== undefined) setRate(next);
  },
});
/** One end of the range at the playhead; the other stays, or is that of the video where it would be on the wrong side. */
const setRangeEnd = (id: string, keys: string, end: 'start' | 'end'): Action => ({
  id, menu: 'playback', keys, enabled: hasVideo,
  perform({ store }) {
    const state = store.getState();
    const { currentSeconds, range } = state;
    const length = shownSeconds(state);
    // So near an end of the video no part begins: what was chosen stays.
    if ((end === 'start' ? length - currentSeconds : currentSeconds) < leastRangeSeconds) return;
    const other = end === 'start' ? range?.endSeconds ?? length : range?.startSeconds ?? 0;
    const isTurned = end === 'start' ? other <= currentSeconds : other >= currentSeconds;
    state.setRange(rangeBetween(currentSeconds, isTurned ? (end === 'start' ? length : 0) : other, length));
  },
});
/** The nearest time that an answer names, on either side of the playhead. */
const goToMark = (id: string, keys: string, direction: 1 | -1): Action => ({
  id, menu: 'playback', keys, enabled: ({ messages }) => messages.some(({ answer }) => (answer?.citations.length ?? 0) > 0),
  perform({ store }) {
    const { messages, currentSeconds, seek } = store.getState();
    const starts = marksOf(messages).map(landingOf).sort((one, other) => one - other);
    const next = direction > 0 ? starts.find((start) => start > currentSeconds + 0.25) : starts.findLast((start) => start < currentSeconds - 0.25);
    if (next !== undefined) seek(next);
  },
});

export const playbackActions: readonly Action[] = [
  { id: 'playback.toggle', menu: 'playback', keys: 'Space', enabled: hasVideo, perform: ({ store }) => { store.getState().togglePlaying(); } },
  seekBy('playback.back', 'ArrowLeft', -5),
  seekBy('playback.forward', 'ArrowRight', 5),
  seekBy('playback.backSecond', 'Shift+ArrowLeft', -1),
  seekBy('playback.forwardSecond', 'Shift+ArrowRight', 1),
  seekBy('playback.backMinute', 'Alt+ArrowLeft', -60),
  seekBy('playback.forwardMinute', 'Alt+ArrowRight', 60),
  { id: 'playback.previousFrame', menu: 'playback', keys: ',', enabled: isReady, perform: ({ store }) => { store.getState().stepFrame(-1); } },
  { id: 'playback.nextFrame', menu: 'playback', keys: '.', enabled: isReady, perform: ({ store }) => { store.getState().stepFrame(1); } },
  changeRate('playback.slower', '<', -1),
  changeRate('playback.faster', '>', 1),
  { id: 'playback.normalRate', menu: 'playback', enabled: hasVideo, perform: ({ store }) => { store.getState().setRate(1); } },
  { id: 'playback.mute', menu: 'playback', keys: 'M', enabled: hasVideo, perform: ({ store }) => { const { volume, muted, setVolume } = store.getState(); setVolume(volume, !muted); } },
  {
    id: 'playback.subtitles', menu: 'playback', keys: 'C', enabled: ({ subtitleTracks }) => subtitleTracks.length > 0, checked: ({ subtitleTrack }) => subtitleTrack !== undefined,
    perform({ store }) { store.getState().showSubtitles(store.getState().subtitleTrack === undefined ? 0 : undefined); },
  },
  { id: 'playback.fullscreen', menu: 'playback', keys: 'F', enabled: hasVideo, checked: ({ filled }) => filled, perform: ({ store }) => store.getState().attempt(toggleFullscreen) },
  { id: 'playback.pictureInPicture', menu: 'playback', enabled: isReady, perform: ({ store }) => store.getState().attempt(() => store.getState().player?.togglePictureInPicture() ?? Promise.resolve()) },
  goToMark('playback.previousMark', '[', -1),
  goToMark('playback.nextMark', ']', 1),
  { id: 'playback.zoomIn', menu: 'playback', keys: '+', enabled: hasVideo, perform: ({ store }) => { store.getState().zoom(2); } },
  { id: 'playback.zoomOut', menu: 'playback', keys: '-', enabled: ({ view }) => view !== undefined, perform: ({ store }) => { store.getState().zoom(0.5); } },
  { id: 'playback.zoomWhole', menu: 'playback', keys: '0', enabled: ({ view }) => view !== undefined, perform: ({ store }) => { store.getState().setView(undefined); } },
  setRangeEnd('playback.rangeStart', 'I', 'start'),
  setRangeEnd('playback.rangeEnd', 'O', 'end'),
  { id: 'playback.clearRange', menu: 'playback', keys: 'Shift+Escape', whileTyping: true, enabled: ({ range }) => range !== undefined, perform: ({ store }) => { store.getState().setRange(undefined); } },
  { id: 'playback.askRange', menu: 'playback', enabled: ({ range }) => range !== undefined, perform: ({ store }) => { showConversation(store.getState()); } },
];
