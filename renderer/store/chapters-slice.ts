import type { VideoChapters } from '../../engine/protocol/methods-chapters.ts';
import type { MethodInput } from '../../engine/protocol/methods.ts';
import type { TimeRange } from '../geometry/range.ts';
import { shownLanguage } from '../i18n/languages.ts';
import type { AppState, Slice } from './app-store.ts';
import { keepEqual } from './keep-equal.ts';

export type ChapterExportFormat = MethodInput<'chapters.export'>['format'];

export type ChaptersSlice = {
  /** Of the selected video; undefined until they have arrived. */
  readonly chapters: VideoChapters | undefined;
  openVideoChapters(videoId: string | undefined): void;
  /** Begins, or goes on where they are unfinished. */
  makeChapters(): Promise<void>;
  stopChapters(): Promise<void>;
  /** Those that a model made, with a way back. */
  removeChapters(): Promise<void>;
  renameChapter(position: number, title: string): Promise<void>;
  /** As a file of the person's choice; `title` is the dialog's. */
  exportChapters(format: ChapterExportFormat, title: string): Promise<void>;
};

const nothing: readonly never[] = [];

/** What is shown: before the engine has said it, what the file has. */
export function chaptersOf({ chapters, video }: Pick<AppState, 'chapters' | 'video'>): readonly (TimeRange & { readonly title?: string | undefined })[] {
  return chapters?.chapters ?? video?.file?.chapters ?? nothing;
}

/** The last that has begun at a moment; -1 before the first. */
export function chapterIndexAt(chapters: readonly TimeRange[], seconds: number): number {
  return chapters.findLastIndex(({ startSeconds }) => startSeconds <= seconds);
}

/** Whether something is on its way. */
export const isMaking = ({ chapters }: Pick<AppState, 'chapters'>): boolean => chapters?.job?.state === 'making' || chapters?.job?.state === 'waiting';

export const chaptersSlice: Slice<ChaptersSlice> = ({ link, shell }) => (set, get) => {
  let end = (): void => undefined;
  /** Some are being made; few of a short film may be done before the stream speaks of them. */
  let awaited = false;
  /** Asks something about the selected video. */
  const ask = async (work: (videoId: string) => Promise<unknown>): Promise<void> => {
    const { selectedVideoId, attempt } = get();
    if (selectedVideoId !== undefined) await attempt(() => work(selectedVideoId));
  };
  /** Whoever began it may be elsewhere in the window by now; who has them before them sees it. One that was stopped has been stopped by somebody. */
  const tellEnd = ({ job, source }: VideoChapters): void => {
    if (job?.state === 'failed' && job.error !== null) get().notify({ kind: 'error', text: job.error.message, code: job.error.code });
    else if (job === null && source === 'made' && get().dialog?.kind !== 'chapters') get().notify({ kind: 'done', textKey: 'chapters.made' });
  };
  return {
    chapters: undefined,
    openVideoChapters(videoId) {
      end();
      end = () => undefined;
      awaited = false;
      set({ chapters: undefined });
      if (videoId === undefined) return;
      end = link.subscribe('chapters', { videoId }, (chapters) => {
        awaited ||= isMaking(get());
        set({ chapters: keepParts(get().chapters, chapters) });
        if (!awaited || isMaking(get())) return;
        awaited = false;
        tellEnd(chapters);
      });
    },
    makeChapters: () => ask(async (videoId) => {
      await link.request('chapters.make', { videoId });
      awaited = get().selectedVideoId === videoId;
    }),
    stopChapters: () => ask((videoId) => link.request('chapters.stop', { videoId })),
    removeChapters: () => ask(async (videoId) => {
      const { source } = get().chapters ?? {};
      await link.request('chapters.remove', { videoId });
      // What was only begun does not come back.
      if (source === 'made') get().notify({ kind: 'undo', textKey: 'chapters.removed', undo: () => link.request('chapters.restore', { videoId }) });
    }),
    renameChapter: (position, title) => ask((videoId) => link.request('chapters.rename', { videoId, position, title })),
    exportChapters: (format, title) => ask(async (videoId) => {
      const { fileName, text, problems: [problem] } = await link.request('chapters.export', { videoId, format, language: shownLanguage(get().language, navigator.languages) });
      const saved = await shell.saveText({ title, fileName, extension: fileName.split('.').pop() ?? '', text });
      if (saved === undefined) return;
      const values = { name: saved.split(/[\\/]/u).pop() ?? saved };
      get().notify({ kind: 'done', textKey: problem === undefined ? 'chapters.exported' : `chapters.exportedFor.${problem}`, values });
    }),
  };
};

/** A progress of the job is no news for who draws the chapters. */
function keepParts(before: VideoChapters | undefined, now: VideoChapters): VideoChapters {
  return { ...now, chapters: keepEqual(before?.chapters, now.chapters) };
}
