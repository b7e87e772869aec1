import i18next from 'i18next';
import { hasFrames } from '../store/video-state.ts';
import type { AppState } from '../store/app-store.ts';
import type { Action } from './action.ts';

const hasVideo: Action['enabled'] = ({ selectedVideoId }) => selectedVideoId !== undefined;

/** Those that were chosen together, or the one that is open. */
const meantVideos = ({ selectedVideoId, markedVideoIds }: AppState): readonly string[] =>
  selectedVideoId === undefined || markedVideoIds.length > 0 ? markedVideoIds : [selectedVideoId];

export const fileActions: readonly Action[] = [
  {
    id: 'file.open', menu: 'file', keys: 'Mod+O',
    async perform({ store, shell }) {
      const paths = await shell.openFiles({ title: i18next.t('library.openVideos'), kind: 'videos' });
      if (paths.length > 0) await store.getState().addPaths(paths);
    },
  },
  {
    id: 'file.openFolder', menu: 'file', keys: 'Mod+Shift+O',
    async perform({ store, shell }) {
      const paths = await shell.openFiles({ title: i18next.t('library.openFolder'), kind: 'folder' });
      if (paths.length > 0) await store.getState().addPaths(paths);
    },
  },
  {
    id: 'file.newFolder', menu: 'file',
    perform: ({ store }) => store.getState().createFolder(i18next.t('library.folder.newName'), store.getState().markedVideoIds, { toBeNamed: true }),
  },
  {
    id: 'file.moveToFolder', menu: 'file', keys: 'Mod+Shift+M', enabled: (state) => meantVideos(state).length > 0,
    perform: ({ store }) => { store.getState().showDialog({ kind: 'move-to-folder', videoIds: meantVideos(store.getState()) }); },
  },
  {
    id: 'file.importMemory', menu: 'file',
    async perform({ store, shell }) {
      for (const path of await shell.openFiles({ title: i18next.t('memory.importTitle'), kind: 'memory' })) await store.getState().importMemory(path);
    },
  },
  {
    id: 'file.exportMemory', menu: 'file', keys: 'Mod+Shift+E', enabled: ({ videos, selectedVideoId }) => videos.some((video) => video.id === selectedVideoId && hasFrames(video)),
    perform({ store }) {
      const { selectedVideoId, showDialog } = store.getState();
      if (selectedVideoId !== undefined) showDialog({ kind: 'export-memory', videoId: selectedVideoId });
    },
  },
  { id: 'file.removeVideo', menu: 'file', enabled: hasVideo, perform: ({ store }) => store.getState().removeVideo(store.getState().selectedVideoId ?? '') },
  { id: 'file.settings', menu: 'file', keys: 'Mod+,', perform: ({ store }) => { store.getState().showDialog({ kind: 'settings', page: 'general' }); } },
];
