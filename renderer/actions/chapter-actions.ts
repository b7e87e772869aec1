import i18next from 'i18next';
import type { AppState } from '../store/app-store.ts';
import { chapterIndexAt, chaptersOf, isMaking, type ChapterExportFormat } from '../store/chapters-slice.ts';
import type { Action } from './action.ts';

const hasVideo = ({ selectedVideoId }: AppState): boolean => selectedVideoId !== undefined;
const hasChapters = (state: AppState): boolean => chaptersOf(state).length > 0;
/** A press so soon after the beginning of a chapter means the one before. */
const againSeconds = 2;

const exportAs = (id: string, format: ChapterExportFormat): Action => ({
  id, menu: 'playback', enabled: hasChapters, perform: ({ store }) => store.getState().exportChapters(format, i18next.t('chapters.exportTitle')),
});

export const chapterActions: readonly Action[] = [
  {
    id: 'chapters.previous', menu: 'playback', keys: '{', enabled: hasChapters,
    perform({ store }) {
      const state = store.getState();
      const chapters = chaptersOf(state);
      state.seek(chapters[chapterIndexAt(chapters, state.currentSeconds - againSeconds)]?.startSeconds ?? 0);
    },
  },
  {
    id: 'chapters.next', menu: 'playback', keys: '}', enabled: hasChapters,
    perform({ store }) {
      const state = store.getState();
      const next = chaptersOf(state).find(({ startSeconds }) => startSeconds > state.currentSeconds + 0.05);
      if (next !== undefined) state.seek(next.startSeconds);
    },
  },
  { id: 'chapters.show', menu: 'playback', keys: 'Shift+C', enabled: hasVideo, perform: ({ store }) => { store.getState().showDialog({ kind: 'chapters' }); } },
  {
    id: 'chapters.make', menu: 'playback', enabled: (state) => state.memory?.state === 'complete' && !isMaking(state),
    perform({ store }) {
      // There it is seen how far they are.
      store.getState().showDialog({ kind: 'chapters' });
      return store.getState().makeChapters();
    },
  },
  { id: 'chapters.stop', menu: 'playback', enabled: isMaking, perform: ({ store }) => store.getState().stopChapters() },
  {
    id: 'chapters.remove', menu: 'playback', enabled: ({ chapters }) => chapters?.source === 'made' || (chapters?.job ?? null) !== null,
    perform: ({ store }) => store.getState().removeChapters(),
  },
  exportAs('chapters.exportSrt', 'srt'),
  exportAs('chapters.exportCsv', 'csv'),
  exportAs('chapters.exportYoutube', 'youtube'),
];
