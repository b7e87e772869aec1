import { applyConversationEvent } from '../../engine/protocol/events.ts';
import type { ConversationEntry, MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import type { Slice } from './app-store.ts';

export type TimeRange = { readonly startSeconds: number; readonly endSeconds: number };
export type LookedAt = NonNullable<MethodResult<'messages.lookedAt'>['lookedAt']>;

export type ConversationSlice = {
  /** Of the selected video, last used first. */
  readonly conversations: readonly ConversationEntry[];
  readonly conversationId: string | undefined;
  /** The branch that is shown. */
  readonly messages: readonly MessageEntry[];
  /** False until the open conversation's messages have arrived. */
  readonly messagesLoaded: boolean;
  /** The answer whose look at the video the timeline draws: the one that was chosen, otherwise the last. */
  readonly selectedAnswerId: string | undefined;
  readonly lookedAt: LookedAt | undefined;
  /** A message to scroll to and mark, once: of a search. */
  readonly landing: { readonly messageId: string } | undefined;
  openVideoConversations(videoId: string | undefined): void;
  openConversation(conversationId: string | undefined, landOn?: string): void;
  landed(): void;
  createConversation(): Promise<void>;
  renameConversation(conversationId: string, title: string): Promise<void>;
  removeConversation(conversationId: string): Promise<void>;
  /** Asks in the open conversation, or in a new one. True where the engine took the question. */
  ask(question: string, range?: TimeRange): Promise<boolean>;
  stopAnswer(): Promise<void>;
  regenerate(answerId: string): Promise<void>;
  edit(questionId: string, question: string): Promise<boolean>;
  selectBranch(messageId: string): Promise<void>;
  removeMessage(messageId: string): Promise<void>;
  selectAnswer(answerId: string | undefined): void;
};

/** The answer that is being written, or waits to be. */
export function unfinishedAnswer(messages: readonly MessageEntry[]): MessageEntry | undefined {
  const last = messages.at(-1);
  return last?.answer?.state === 'writing' || last?.answer?.state === 'waiting' ? last : undefined;
}

export const conversationSlice: Slice<ConversationSlice> = ({ link }) => (set, get) => {
  let endConversations = (): void => undefined;
  let endMessages = (): void => undefined;
  /** Which finished answer the shown curve belongs to. */
  let lookedAtOf: string | undefined;

  const showLookedAt = (): void => {
    const { messages, selectedAnswerId } = get();
    const answers = messages.filter(({ answer }) => answer !== undefined);
    const shown = answers.find(({ id }) => id === selectedAnswerId) ?? answers.at(-1);
    const finished = shown?.answer !== undefined && shown.answer.state !== 'waiting' && shown.answer.state !== 'writing' ? shown.id : undefined;
    if (finished === lookedAtOf) return;
    lookedAtOf = finished;
    if (finished === undefined) { set({ lookedAt: undefined }); return; }
    void get().attempt(async () => {
      const { lookedAt } = await link.request('messages.lookedAt', { answerId: finished });
      if (lookedAtOf === finished) set({ lookedAt: lookedAt ?? undefined });
    });
  };

  return {
    conversations: [],
    conversationId: undefined,
    messages: [],
    messagesLoaded: false,
    selectedAnswerId: undefined,
    lookedAt: undefined,
    landing: undefined,
    openVideoConversations(videoId) {
      endConversations();
      set({ conversations: [] });
      get().openConversation(undefined);
      if (videoId === undefined) { endConversations = () => undefined; return; }
      let first = true;
      endConversations = link.subscribe('conversations', { videoId }, ({ conversations }) => {
        set({ conversations });
        // The last used one is where a person left off.
        const open = get().conversationId;
        if (open === undefined ? first : !conversations.some(({ id }) => id === open)) get().openConversation(conversations[0]?.id);
        first = false;
      });
    },
    openConversation(conversationId, landOn) {
      const landing = landOn === undefined ? undefined : { messageId: landOn };
      if (conversationId === get().conversationId) { set({ landing }); return; }
      endMessages();
      endMessages = () => undefined;
      lookedAtOf = undefined;
      set({ conversationId, messages: [], messagesLoaded: conversationId === undefined, selectedAnswerId: undefined, lookedAt: undefined, landing });
      if (conversationId !== undefined) {
        endMessages = link.subscribe('conversation', { conversationId }, (event) => {
          set({ messages: applyConversationEvent(get().messages, event), messagesLoaded: true });
          if (event.kind === 'messages') showLookedAt();
        });
      }
      get().rememberPlace();
    },
    landed() { set({ landing: undefined }); },
    async createConversation() {
      // An empty one is as good as a new one.
      if (get().messages.length === 0) return;
      get().openConversation(undefined);
    },
    async renameConversation(conversationId, title) {
      await get().attempt(() => link.request('conversations.rename', { conversationId, title }));
    },
    async removeConversation(conversationId) {
      await get().attempt(async () => {
        await link.request('conversations.remove', { conversationId });
        get().notify({ kind: 'undo', textKey: 'chat.removed', undo: () => get().attempt(async () => {
          await link.request('conversations.restore', { conversationId });
          get().openConversation(conversationId);
        }) });
      });
    },
    async ask(question, range) {
      const videoId = get().selectedVideoId;
      if (videoId === undefined) return false;
      const asked = await get().attempt(async () => {
        let { conversationId } = get();
        if (conversationId === undefined) {
          conversationId = (await link.request('conversations.create', { videoId })).id;
          get().openConversation(conversationId);
        }
        return link.request('messages.ask', { conversationId, question, ...(range === undefined ? {} : { range }) });
      });
      if (asked !== undefined) set({ selectedAnswerId: asked.answerId });
      return asked !== undefined;
    },
    async stopAnswer() {
      const answer = unfinishedAnswer(get().messages);
      if (answer !== undefined) await get().attempt(() => link.request('messages.stop', { answerId: answer.id }));
    },
    async regenerate(answerId) {
      const asked = await get().attempt(() => link.request('messages.regenerate', { answerId }));
      if (asked !== undefined) set({ selectedAnswerId: asked.answerId });
    },
    async edit(questionId, question) {
      const asked = await get().attempt(() => link.request('messages.edit', { questionId, question }));
      if (asked !== undefined) set({ selectedAnswerId: asked.answerId });
      return asked !== undefined;
    },
    async selectBranch(messageId) {
      await get().attempt(() => link.request('messages.select', { messageId }));
    },
    async removeMessage(messageId) {
      await get().attempt(async () => {
        await link.request('messages.remove', { messageId });
        get().notify({ kind: 'undo', textKey: 'chat.messageRemoved', undo: () => get().attempt(() => link.request('messages.restore', { messageId })) });
      });
    },
    selectAnswer(answerId) {
      set({ selectedAnswerId: answerId });
      showLookedAt();
    },
  };
};
