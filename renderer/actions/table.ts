import type { Action } from './action.ts';
import { chapterActions } from './chapter-actions.ts';
import { conversationActions } from './conversation-actions.ts';
import { editActions } from './edit-actions.ts';
import { fileActions } from './file-actions.ts';
import { helpActions } from './help-actions.ts';
import { playbackActions } from './playback-actions.ts';
import { viewActions } from './view-actions.ts';

/** Everything there is to do, in the order of the menu. */
export const actions: readonly Action[] = [...fileActions, ...editActions, ...viewActions, ...playbackActions, ...chapterActions, ...conversationActions, ...helpActions];

const byId = new Map(actions.map((action) => [action.id, action]));

export function actionOf(id: string): Action {
  const action = byId.get(id);
  if (action === undefined) throw new Error(`There is no action "${id}".`);
  return action;
}
