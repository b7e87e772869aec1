import type { StreamEvent } from '../protocol/events.ts';
import type { Progress } from '../protocol/progress.ts';

/** Something that a stream may show has changed. Text and progress of an answer come themselves, the others only say where to look. */
export type Change =
  | { readonly topic: 'library' | 'queue' | 'model' | 'models' | 'settings' | 'surveys' | 'move' }
  /** Another process has written to the library: whatever a stream shows may be another. */
  | { readonly topic: 'elsewhere' }
  | { readonly topic: 'conversations' | 'chapters'; readonly videoId: string }
  | { readonly topic: 'conversation'; readonly conversationId: string }
  | { readonly topic: 'text'; readonly conversationId: string; readonly messageId: string; readonly offset: number; readonly text: string }
  | { readonly topic: 'answer-progress'; readonly conversationId: string; readonly messageId: string; readonly progress: AnswerProgress };

export type AnswerProgress = Extract<StreamEvent<'conversation'>, { kind: 'progress' }>['progress'];

/** What is said of an answer before its first word; undefined for what is of no account to who waits. */
export function answerProgress({ stage, done, total = 0 }: Progress): AnswerProgress | undefined {
  return (stage === 'memory' || stage === 'answer') && total > 0 ? { stage, share: done / total } : undefined;
}

/** Where everything that changes something says so, and every stream listens. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  emit(change: Change): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  listen(listener: (change: Change) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => { this.#listeners.delete(listener); }, { once: true });
  }
}
