import { applySurveyEvent } from '../../engine/protocol/events.ts';
import type { SurveyEntry, SurveyPartEntry } from '../../engine/protocol/methods-surveys.ts';
import { shownLanguage } from '../i18n/languages.ts';
import type { AppState, Slice } from './app-store.ts';
import type { ExportFormat } from './conversation-slice.ts';
import { isUnfinished } from './conversation-slice.ts';

/** Of which videos a question is asked that is yet to be written. */
export type SurveyChoice = { readonly kind: 'all' } | { readonly kind: 'folder'; readonly folderId: string } | { readonly kind: 'videos'; readonly videoIds: readonly string[] };

/** What stands in the place of the video: a question across videos that is being written, or one that was asked. */
export type SurveyPlace = { readonly kind: 'new'; readonly choice: SurveyChoice } | { readonly kind: 'asked'; readonly surveyId: string };

/** Where the draft of the next question across videos is kept. */
export const surveyDraftKey = 'survey';

export type SurveySlice = {
  /** Newest first. */
  readonly surveys: readonly SurveyEntry[];
  readonly surveyPlace: SurveyPlace | undefined;
  /** Of the one that is open; undefined until it has arrived. */
  readonly survey: SurveyEntry | undefined;
  readonly surveyParts: readonly SurveyPartEntry[];
  openSurvey(place: SurveyPlace | undefined): void;
  askSurvey(question: string, videoIds: readonly string[]): Promise<boolean>;
  stopSurvey(surveyId: string): Promise<void>;
  resumeSurvey(surveyId: string): Promise<void>;
  removeSurvey(surveyId: string): Promise<void>;
  exportSurvey(surveyId: string, format: ExportFormat, title: string): Promise<void>;
  /** Goes to the video of an answer: to a moment of it, or to the conversation in which it was given. */
  showAnswered(part: SurveyPartEntry, seconds?: number): void;
};

/** The videos of a choice, in the order of the library. */
export function chosenVideos({ videos }: Pick<AppState, 'videos'>, choice: SurveyChoice): AppState['videos'] {
  if (choice.kind === 'all') return videos;
  if (choice.kind === 'folder') return videos.filter(({ folderId }) => folderId === choice.folderId);
  const chosen = new Set(choice.videoIds);
  return videos.filter(({ id }) => chosen.has(id));
}

/** Whether nothing more comes of a video by itself. */
export function isSettled({ answer, waiting, error }: SurveyPartEntry): boolean {
  return answer === null ? !waiting && error !== null : !isUnfinished(answer);
}

export const surveySlice: Slice<SurveySlice> = ({ link, shell }) => (set, get) => {
  let end = (): void => undefined;
  return {
    surveys: [],
    surveyPlace: undefined,
    survey: undefined,
    surveyParts: [],
    openSurvey(place) {
      const before = get().surveyPlace;
      if (place?.kind === 'asked' && before?.kind === 'asked' && place.surveyId === before.surveyId) return;
      end();
      end = () => undefined;
      set({ surveyPlace: place, survey: undefined, surveyParts: [] });
      if (place?.kind !== 'asked') return;
      const { surveyId } = place;
      end = link.subscribe('survey', { surveyId }, (event) => {
        set({ surveyParts: applySurveyEvent(get().surveyParts, event), ...(event.kind === 'parts' && { survey: event.survey }) });
      }, () => { if (get().surveyPlace === place) get().openSurvey({ kind: 'new', choice: { kind: 'all' } }); });
    },
    async askSurvey(question, videoIds) {
      const asked = await get().attempt(() => link.request('surveys.ask', { question, videoIds: [...videoIds] }));
      if (asked !== undefined) get().openSurvey({ kind: 'asked', surveyId: asked.surveyId });
      return asked !== undefined;
    },
    async stopSurvey(surveyId) { await get().attempt(() => link.request('surveys.stop', { surveyId })); },
    async resumeSurvey(surveyId) { await get().attempt(() => link.request('surveys.resume', { surveyId })); },
    async removeSurvey(surveyId) {
      await get().attempt(async () => {
        await link.request('surveys.remove', { surveyId });
        if (get().surveyPlace?.kind === 'asked') get().openSurvey({ kind: 'new', choice: { kind: 'all' } });
        get().notify({ kind: 'undo', textKey: 'survey.removed', undo: async () => {
          await link.request('surveys.restore', { surveyId });
          get().openSurvey({ kind: 'asked', surveyId });
        } });
      });
    },
    async exportSurvey(surveyId, format, title) {
      await get().attempt(async () => {
        const { fileName, text } = await link.request('surveys.export', { surveyId, format, language: shownLanguage(get().language, navigator.languages) });
        const saved = await shell.saveText({ title, fileName, extension: fileName.split('.').pop() ?? '', text });
        if (saved !== undefined) get().notify({ kind: 'done', textKey: 'chat.exported', values: { name: saved.split(/[\\/]/u).pop() ?? saved } });
      });
    },
    showAnswered({ videoId, conversationId, answer }, seconds) {
      get().selectVideo(videoId);
      if (conversationId !== null) get().openConversation(conversationId, seconds === undefined ? answer?.id : undefined);
      get().showTab(seconds === undefined ? 'conversation' : 'video');
      if (seconds !== undefined) get().seek(seconds);
    },
  };
};
