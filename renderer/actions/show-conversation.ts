import { flushSync } from 'react-dom';
import type { AppState } from '../store/app-store.ts';
import { focusComposer } from './focus-composer.ts';

/**
 * Goes to the conversation about the video, also from another tab or a question across videos, and to its composer. When
 * this returns the composer has the keyboard: of what is typed at once not a letter goes elsewhere, where letters are
 * shortcuts and `i` begins another range.
 */
export function showConversation({ openSurvey, showTab }: AppState): void {
  flushSync(() => {
    openSurvey(undefined);
    showTab('conversation');
  });
  focusComposer();
}
