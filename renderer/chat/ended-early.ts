import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';

type AnswerState = NonNullable<MessageEntry['answer']>['state'];

/** Whether an answer ended before the model was done, so that it is offered to try again, in words and not once more as a sign. */
export function endedEarly(state: AnswerState): boolean {
  return state === 'stopped' || state === 'interrupted' || state === 'failed';
}
