import { chinese } from './wordings-zh.ts';
import { english } from './wordings-en.ts';
import type { VideoTask } from './video-tasks.ts';

/** The languages that questions are suggested in: those of the interface. */
export type QuestionLanguage = 'en' | 'zh';

/**
 * How questions are put in one language. Each can be asked of nearly any film: none says that something is there which
 * nobody knows to be there, and none is a choice without its options.
 */
export type Wordings = {
  /** Takes the place of `{at}`: when. */
  readonly at: {
    readonly time: (time: string) => string;
    readonly chapter: (title: string, time: string) => string;
    readonly line: (line: string, time: string) => string;
  };
  /** Takes the place of `{from}` and `{to}`. */
  readonly moment: { readonly time: (time: string) => string; readonly chapter: (title: string, time: string) => string };
  /** Takes the place of `{end}`. */
  readonly end: string;
  /** The first of each task can be the first that somebody sees of it; the later ones are for those who ask for more. */
  readonly tasks: Readonly<Record<VideoTask, readonly string[]>>;
};

export const wordings: Readonly<Record<QuestionLanguage, Wordings>> = { en: english, zh: chinese };
