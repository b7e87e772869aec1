import type { AppState } from '../store/app-store.ts';
import { focusComposer } from './focus-composer.ts';

/** Goes to the conversation about the video, also from a question across videos, in whose place it comes with the next drawing. */
export function showConversation({ openSurvey, showTab, surveyPlace }: AppState): void {
  showTab('conversation');
  if (surveyPlace === undefined) { focusComposer(); return; }
  openSurvey(undefined);
  requestAnimationFrame(focusComposer);
}
