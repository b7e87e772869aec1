import { applyConversationEvent } from '../../engine/protocol/events.ts';
import type { ConversationEntry, MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import type { MethodInput, MethodResult } from '../../engine/protocol/methods.ts';
import type { TimeRange } from '../geometry/range.ts';
import { shownLanguage } from '../i18n/languages.ts';
import type { AppState, Slice } from './app-store.ts';
import { draftChanges, draftPauseMs, draftsOf, keepDrafts, moveDraft, readDrafts, withoutSent } from './kept-drafts.ts';

export type LookedAt = NonNullable<MethodResult<'messages.lookedAt'>['lookedAt']>;
export type SearchHit = MethodResult<'search.all'>['hits'][number];
export type ExportFormat = MethodInput<'conversations.export'>['format'];

export type ConversationSlice = {
  /** Of the selected video, last used first. */
  readonly conversations: readonly ConversationEntry[];
  readonly conversationId: string | undefined;
  /** The branch that is shown. */
  readonly messages: readonly MessageEntry[];
  /** False until the open conversation's messages have arrived, or it is known that there is no conversation. */
  readonly messagesLoaded: boolean;
  /** The answer whose look at the video the timeline draws: the one that was chosen, otherwise the last. */
  readonly selectedAnswerId: string | undefined;
  readonly lookedAt: LookedAt | undefined;
  /** A message to scroll to and mark, once: of a search. */
  readonly landing: { readonly messageId: string } | undefined;
  /** Questions that are not asked yet, and questions that are being changed: by `composerKey` and `editKey`. */
  readonly drafts: Readonly<Record<string, string>>;
  /** The title of the open conversation is being typed. */
  readonly renaming: boolean;
  openVideoConversations(videoId: string | undefined): void;
  openConversation(conversationId: string | undefined, landOn?: string): void;
  landed(): void;
  /** Shows what a search found. */
  goToFound(hit: SearchHit): void;
  /** Undefined: there is none any more. */
  setDraft(key: string, text: string | undefined): void;
  /** The text was asked from here. What was typed meanwhile goes on where the composer is now. */
  draftSent(key: string, text: string): void;
  /** Tells the engine at once what it has not heard of yet, without the pause. */
  tellDrafts(): void;
  /** Takes what was kept of the last sessions; what this window has itself is newer. */
  restoreDrafts(kept: Readonly<Record<string, unknown>>): void;
  setRenaming(renaming: boolean): void;
  createConversation(): void;
  renameConversation(conversationId: string, title: string): Promise<void>;
  removeConversation(conversationId: string): Promise<void>;
  /** The branch that is shown, in JSON all branches, as a file of the person's choice; `title` is the dialog's. */
  exportConversation(format: ExportFormat, title: string): Promise<void>;
  /** Asks in the open conversation, or in a new one. True where the engine took the question. */
  ask(question: string, range?: TimeRange): Promise<boolean>;
  stopAnswer(): Promise<void>;
  regenerate(answerId: string): Promise<void>;
  /** The same place with another question. `range` null: about the whole video; undefined: as before. */
  edit(questionId: string, question: string, range?: null): Promise<boolean>;
  selectBranch(messageId: string): Promise<void>;
  removeMessage(messageId: string): Promise<void>;
  selectAnswer(answerId: string | undefined): void;
};

/** Whether a new conversation would be another one than that which is open. */
export function canCreate({ messages, conversations, conversationId }: Pick<AppState, 'messages' | 'conversations' | 'conversationId'>): boolean {
  return messages.length > 0 || (conversations.find(({ id }) => id === conversationId)?.title ?? '') !== '';
}

/** The answer that is being written, or waits to be. */
export function unfinishedAnswer(messages: readonly MessageEntry[]): MessageEntry | undefined {
  const last = messages.at(-1);
  return isUnfinished(last) ? last : undefined;
}

export function isUnfinished(message: MessageEntry | undefined): boolean {
  return message?.answer?.state === 'writing' || message?.answer?.state === 'waiting';
}

/**
 * Where the draft of the next question is kept: with its conversation, with the video of one that does not exist yet, or,
 * until it is known whether there is one, with the opening of the video.
 */
export const composerKey = ({ conversationId, selectedVideoId, messagesLoaded }: Pick<AppState, 'conversationId' | 'selectedVideoId' | 'messagesLoaded'>): string =>
  conversationId ?? (messagesLoaded ? newKey(selectedVideoId) : openingKey(selectedVideoId));
export const newKey = (videoId: string | undefined): string => `new:${videoId ?? ''}`;
const openingKey = (videoId: string | undefined): string => `opening:${videoId ?? ''}`;
export const editKey = (questionId: string): string => `edit:${questionId}`;

export const conversationSlice: Slice<ConversationSlice> = ({ link, shell }) => (set, get) => {
  let endConversations = (): void => undefined;
  let endMessages = (): void => undefined;
  let draftTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the engine knows of this window's drafts. */
  let toldDrafts: AppState['drafts'] = {};
  /** Which finished answer the shown curve belongs to. */
  let lookedAtOf: string | undefined;

  const tellDrafts = (): void => {
    clearTimeout(draftTimer);
    const { drafts, remember } = get();
    const changes = draftChanges(toldDrafts, drafts);
    toldDrafts = drafts;
    if (Object.keys(changes).length > 0) remember(changes);
  };

  const rememberDrafts = (): void => {
    clearTimeout(draftTimer);
    draftTimer = setTimeout(tellDrafts, draftPauseMs);
  };

  const changeDrafts = (drafts: AppState['drafts']): void => {
    // The pause before the engine is told must not begin anew for nothing: who quits meanwhile would lose what waits for it.
    if (drafts === get().drafts) return;
    set({ drafts });
    keepDrafts(drafts);
    rememberDrafts();
  };

  const showLookedAt = (): void => {
    const { messages, selectedAnswerId } = get();
    const answers = messages.filter(({ answer }) => answer !== undefined);
    const shown = answers.find(({ id }) => id === selectedAnswerId) ?? answers.at(-1);
    const finished = isUnfinished(shown) ? undefined : shown?.id;
    if (finished === lookedAtOf) return;
    lookedAtOf = finished;
    if (finished === undefined) { set({ lookedAt: undefined }); return; }
    void get().attempt(async () => {
      const { lookedAt } = await link.request('messages.lookedAt', { answerId: finished });
      if (lookedAtOf === finished) set({ lookedAt: lookedAt ?? undefined });
    });
  };

  /** What a search found may stand on a branch that is not shown. */
  const showLandingBranch = (): void => {
    const { landing, messages, landed } = get();
    if (landing === undefined || messages.some(({ id }) => id === landing.messageId)) return;
    void get().attempt(() => link.request('messages.select', landing)).then((selected) => { if (selected === undefined) landed(); });
  };

  return {
    conversations: [],
    conversationId: undefined,
    messages: [],
    messagesLoaded: false,
    selectedAnswerId: undefined,
    lookedAt: undefined,
    landing: undefined,
    drafts: readDrafts(),
    renaming: false,
    openVideoConversations(videoId) {
      endConversations();
      set({ conversations: [] });
      get().openConversation(undefined);
      set({ messagesLoaded: false });
      if (videoId === undefined) { endConversations = () => undefined; return; }
      let first = true;
      endConversations = link.subscribe('conversations', { videoId }, ({ conversations }) => {
        set({ conversations });
        // The last used one is where a person left off.
        const open = get().conversationId;
        if (open === undefined ? first : !conversations.some(({ id }) => id === open)) get().openConversation(conversations[0]?.id);
        // Somebody who types at once means the conversation that is about to appear.
        if (first) changeDrafts(moveDraft(get().drafts, openingKey(videoId), composerKey(get())));
        first = false;
      });
    },
    openConversation(conversationId, landOn) {
      const landing = landOn === undefined ? undefined : { messageId: landOn };
      if (conversationId === get().conversationId) {
        set({ landing, ...(conversationId === undefined ? { messagesLoaded: true } : {}) });
        if (get().messagesLoaded) showLandingBranch();
        return;
      }
      // The part that a conversation speaks of would narrow the next one without a word. One that a question has just begun keeps it, for what is asked next.
      if (get().conversationId !== undefined) get().setRange(undefined);
      endMessages();
      endMessages = () => undefined;
      lookedAtOf = undefined;
      set({ conversationId, messages: [], messagesLoaded: conversationId === undefined, selectedAnswerId: undefined, lookedAt: undefined, landing, renaming: false });
      if (conversationId !== undefined) {
        endMessages = link.subscribe('conversation', { conversationId }, (event) => {
          set({ messages: applyConversationEvent(get().messages, event), messagesLoaded: true });
          if (event.kind !== 'messages') return;
          showLookedAt();
          showLandingBranch();
        }, () => { if (get().conversationId === conversationId) get().openConversation(undefined); });
      }
      get().rememberPlace();
    },
    goToFound({ videoId, conversationId, messageId, startSeconds, folderId, surveyId }) {
      if (folderId !== null) get().showFolder(folderId);
      if (surveyId !== null) get().openSurvey({ kind: 'asked', surveyId });
      if (videoId === null) return;
      get().selectVideo(videoId);
      if (startSeconds !== null) {
        get().showTab('video');
        get().seek(startSeconds);
      }
      if (conversationId === null) return;
      get().showTab('conversation');
      get().openConversation(conversationId, messageId ?? undefined);
    },
    landed() { set({ landing: undefined }); },
    setDraft(key, text) {
      const others = Object.entries(get().drafts).filter(([other]) => other !== key);
      changeDrafts(Object.fromEntries(text === undefined ? others : [...others, [key, text] as const]));
    },
    draftSent(key, text) { changeDrafts(moveDraft(withoutSent(get().drafts, key, text), key, composerKey(get()))); },
    tellDrafts,
    restoreDrafts(kept) {
      toldDrafts = draftsOf(kept);
      set({ drafts: { ...toldDrafts, ...get().drafts } });
      // A window that was loaded again right after a letter was typed: the engine has not heard of it, and hears it now.
      tellDrafts();
    },
    setRenaming(renaming) { set({ renaming }); },
    createConversation() {
      // An empty one that nobody has named is as good as a new one.
      if (canCreate(get())) get().openConversation(undefined);
    },
    async renameConversation(conversationId, title) {
      await get().attempt(() => link.request('conversations.rename', { conversationId, title }));
    },
    async removeConversation(conversationId) {
      const { selectedVideoId } = get();
      await get().attempt(async () => {
        await link.request('conversations.remove', { conversationId });
        get().notify({ kind: 'undo', textKey: 'chat.removed', undo: async () => {
          await link.request('conversations.restore', { conversationId });
          get().selectVideo(selectedVideoId);
          get().openConversation(conversationId);
        } });
      });
    },
    async exportConversation(format, title) {
      const { conversationId } = get();
      if (conversationId === undefined) return;
      await get().attempt(async () => {
        const { fileName, text } = await link.request('conversations.export', { conversationId, format, language: shownLanguage(get().language, navigator.languages) });
        const extension = fileName.split('.').pop() ?? '';
        const saved = await shell.saveText({ title, fileName, extension, text });
        if (saved !== undefined) get().notify({ kind: 'done', textKey: 'chat.exported', values: { name: saved.split(/[\\/]/u).pop() ?? saved } });
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
    async edit(questionId, question, range) {
      const asked = await get().attempt(() => link.request('messages.edit', { questionId, question, ...(range === undefined ? {} : { range }) }));
      if (asked !== undefined) set({ selectedAnswerId: asked.answerId });
      return asked !== undefined;
    },
    async selectBranch(messageId) {
      await get().attempt(() => link.request('messages.select', { messageId }));
    },
    async removeMessage(messageId) {
      await get().attempt(async () => {
        await link.request('messages.remove', { messageId });
        get().notify({ kind: 'undo', textKey: 'chat.messageRemoved', undo: () => link.request('messages.restore', { messageId }) });
      });
    },
    selectAnswer(answerId) {
      set({ selectedAnswerId: answerId });
      showLookedAt();
    },
  };
};
