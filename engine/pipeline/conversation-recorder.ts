import type { Library } from '../library/index.ts';
import type { Answer } from './answer.ts';

const longestTitle = 80;

/** Keeps a conversation in the library, from its first answer on: a video that was only watched leaves no empty one. */
export class ConversationRecorder {
  readonly #library: Library;
  readonly #videoId: string;
  #conversationId: string | undefined;
  #leafId: string | null = null;

  constructor(library: Library, videoId: string) {
    this.#library = library;
    this.#videoId = videoId;
  }

  startOver(): void {
    this.#conversationId = undefined;
    this.#leafId = null;
  }

  /** Question and answer together or not at all. */
  record({ question, answer, ...details }: Answer, model: string): { readonly questionId: string } {
    return this.#library.transaction(() => {
      this.#conversationId ??= this.#library.conversations.create({ videoId: this.#videoId, title: question.slice(0, longestTitle) }).id;
      const conversationId = this.#conversationId;
      const asked = this.#library.messages.append({ conversationId, parentId: this.#leafId, role: 'user', content: question });
      this.#leafId = this.#library.messages.append({
        conversationId, parentId: asked.id, role: 'assistant', content: answer, data: { ...details, model },
      }).id;
      return { questionId: asked.id };
    });
  }
}
