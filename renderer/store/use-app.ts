import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { Shell } from '../shell/shell.ts';
import type { EngineLink } from '../shell/engine-link.ts';
import type { AppState, AppStore } from './app-store.ts';

export type AppContextValue = { readonly store: AppStore; readonly shell: Shell; readonly link: EngineLink };
export const AppContext = createContext<AppContextValue | undefined>(undefined);

export function useSurroundings(): AppContextValue {
  const value = use(AppContext);
  if (value === undefined) throw new Error('Used outside of the app.');
  return value;
}

/** A part of the state. Select what is kept equal while nothing changed: a member, a number, a string. */
export function useApp<Part>(select: (state: AppState) => Part): Part {
  return useStore(useSurroundings().store, select);
}

/** The functions of the store, which never change. */
export function useActions(): AppState {
  return useSurroundings().store.getState();
}
