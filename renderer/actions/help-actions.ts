import type { Action } from './action.ts';

export const helpActions: readonly Action[] = [
  { id: 'help.sample', menu: 'help', perform: ({ store }) => store.getState().addSample() },
  { id: 'help.shortcuts', menu: 'help', keys: '?', perform: ({ store }) => { store.getState().showDialog({ kind: 'settings', page: 'shortcuts' }); } },
  { id: 'help.about', menu: 'help', perform: ({ store }) => { store.getState().showDialog({ kind: 'settings', page: 'about' }); } },
];
