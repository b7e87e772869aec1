import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { foldedQuestion } from './folded-question.ts';

const linePixels = 22;
const characterPixels = 7;
const questionAround = 54;
const answerAround = 124;
/** The panes' own padding, which text does not have. */
const paddingPixels = 40;

/**
 * About how high a message is before it was ever shown, so that the scroll bar of a long conversation hardly moves while
 * it is read. `width` in CSS pixels.
 */
export function estimateHeight(message: MessageEntry, width: number): number {
  const perLine = Math.max(20, (width - paddingPixels) / characterPixels);
  const text = message.role === 'user' ? foldedQuestion(message.content) ?? message.content : message.content;
  const lines = text.split('\n').reduce((count, line) => count + Math.max(1, Math.ceil(line.length / perLine)), 0);
  return lines * linePixels + (message.role === 'user' ? questionAround : answerAround);
}
