import type { Action } from './action.ts';
import { showConversation } from './show-conversation.ts';

export const viewActions: readonly Action[] = [
  { id: 'view.palette', menu: 'view', keys: 'Mod+K', perform: ({ store }) => { store.getState().showDialog({ kind: 'palette' }); } },
  { id: 'view.search', menu: 'view', keys: 'Mod+F', perform: ({ store }) => { store.getState().showDialog({ kind: 'search' }); } },
  { id: 'view.toggleRail', menu: 'view', keys: 'Mod+B', checked: ({ railCollapsed }) => !railCollapsed, perform: ({ store }) => { store.getState().toggleRail(); } },
  { id: 'view.video', menu: 'view', keys: 'Mod+1', perform: ({ store }) => { store.getState().openSurvey(undefined); store.getState().showTab('video'); } },
  { id: 'view.conversation', menu: 'view', keys: 'Mod+2', perform: ({ store }) => { showConversation(store.getState()); } },
  { id: 'view.themeSystem', menu: 'view', checked: ({ theme }) => theme === 'system', perform: ({ store }) => { store.getState().setTheme('system'); } },
  { id: 'view.themeLight', menu: 'view', checked: ({ theme }) => theme === 'light', perform: ({ store }) => { store.getState().setTheme('light'); } },
  { id: 'view.themeDark', menu: 'view', checked: ({ theme }) => theme === 'dark', perform: ({ store }) => { store.getState().setTheme('dark'); } },
];
