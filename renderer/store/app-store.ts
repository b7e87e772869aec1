import { createStore, type StateCreator, type StoreApi } from 'zustand/vanilla';
import type { EngineLink } from '../shell/engine-link.ts';
import type { Shell } from '../shell/shell.ts';
import { addingSlice, type AddingSlice } from './adding-slice.ts';
import { chaptersSlice, type ChaptersSlice } from './chapters-slice.ts';
import { connectionSlice, type ConnectionSlice } from './connection-slice.ts';
import { conversationSlice, type ConversationSlice } from './conversation-slice.ts';
import { dialogSlice, type DialogSlice } from './dialog-slice.ts';
import { fileSlice, type FileSlice } from './file-slice.ts';
import { folderSlice, type FolderSlice } from './folder-slice.ts';
import { layoutSlice, type LayoutSlice } from './layout-slice.ts';
import { librarySlice, type LibrarySlice } from './library-slice.ts';
import { modelsSlice, type ModelsSlice } from './models-slice.ts';
import { noticeSlice, type NoticeSlice } from './notice-slice.ts';
import { playerSlice, type PlayerSlice } from './player-slice.ts';
import { queueSlice, type QueueSlice } from './queue-slice.ts';
import { settingsSlice, type SettingsSlice } from './settings-slice.ts';
import { storageSlice, type StorageSlice } from './storage-slice.ts';
import { surveySlice, type SurveySlice } from './survey-slice.ts';
import { timelineSlice, type TimelineSlice } from './timeline-slice.ts';

/** All that the page knows: a mirror of the engine's state, and where the person is in it. */
export type AppState = ConnectionSlice & LibrarySlice & AddingSlice & QueueSlice & SettingsSlice & ModelsSlice & StorageSlice & ConversationSlice & PlayerSlice & TimelineSlice & ChaptersSlice & LayoutSlice & NoticeSlice & DialogSlice & FileSlice & FolderSlice & SurveySlice;
export type AppStore = StoreApi<AppState>;

/** What every slice may use. */
export type Surroundings = { readonly link: EngineLink; readonly shell: Shell };
export type Slice<Part> = (surroundings: Surroundings) => StateCreator<AppState, [], [], Part>;

/** The store, without React. `start()` subscribes it to the engine. */
export function createAppStore(surroundings: Surroundings): AppStore {
  return createStore<AppState>()((...parameters) => ({
    ...connectionSlice(surroundings)(...parameters),
    ...librarySlice(surroundings)(...parameters),
    ...addingSlice(surroundings)(...parameters),
    ...queueSlice(surroundings)(...parameters),
    ...settingsSlice(surroundings)(...parameters),
    ...modelsSlice(surroundings)(...parameters),
    ...storageSlice(surroundings)(...parameters),
    ...conversationSlice(surroundings)(...parameters),
    ...playerSlice(surroundings)(...parameters),
    ...timelineSlice(surroundings)(...parameters),
    ...chaptersSlice(surroundings)(...parameters),
    ...layoutSlice(surroundings)(...parameters),
    ...noticeSlice(surroundings)(...parameters),
    ...dialogSlice(surroundings)(...parameters),
    ...fileSlice(surroundings)(...parameters),
    ...folderSlice(surroundings)(...parameters),
    ...surveySlice(surroundings)(...parameters),
  }));
}
