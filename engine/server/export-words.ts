import type { MethodParams } from '../protocol/methods.ts';

/** The languages that an exported conversation can be in: those of the interface. */
export type ExportLanguage = MethodParams<'conversations.export'>['language'];

/** What an exported conversation says besides what was said in it. */
type ExportWords = {
  readonly untitled: string;
  readonly about: (videoTitle: string) => string;
  /** Of a question across videos. */
  readonly aboutSeveral: (count: number) => string;
  readonly you: string;
  readonly model: (name: string | undefined) => string;
  /** Of a question about a part of the timeline. */
  readonly range: (from: string, to: string) => string;
  /** Of an answer during the encode. */
  readonly partial: (until: string) => string;
  /** Of the demo model about a film that is none of Pebble Town, as in the page (survey.part.beyondDemo). */
  readonly madeUp: string;
  /** In the place of an answer that has no words. */
  readonly without: (reason: 'waiting' | 'stopped' | 'interrupted' | 'failed' | 'empty', message: string | undefined) => string;
};

/** What a chapter without a title is called. */
export const chapterName = (number: number, language: ExportLanguage): string => language === 'zh' ? `第 ${number} 章` : `Chapter ${number}`;

export const exportWords: Readonly<Record<ExportLanguage, ExportWords>> = {
  en: {
    untitled: 'Conversation',
    about: (videoTitle) => `About the video ${videoTitle}.`,
    aboutSeveral: (count) => count === 1 ? 'Asked of 1 video.' : `Asked of ${count} videos.`,
    you: 'You',
    model: (name) => name === 'demo' ? 'Demo model' : name ?? 'Longtake',
    range: (from, to) => `, about ${from}–${to}`,
    partial: (until) => `, from the first ${until} that were encoded`,
    madeUp: 'Made up: the demo model does not understand this film.',
    without: (reason, message) => `(${{
      waiting: 'Not answered yet.', stopped: 'Stopped before the first word.', interrupted: 'Longtake ended before the first word.', failed: message ?? 'Not answered.', empty: 'No words.',
    }[reason]})`,
  },
  zh: {
    untitled: '对话',
    about: (videoTitle) => `关于视频 ${videoTitle}。`,
    aboutSeveral: (count) => `向 ${count} 个视频提问。`,
    you: '您',
    model: (name) => name === 'demo' ? '演示模型' : name ?? 'Longtake',
    range: (from, to) => `，关于 ${from}–${to}`,
    partial: (until) => `，依据已编码的前 ${until}`,
    madeUp: '编造的回答：演示模型看不懂这段视频。',
    without: (reason, message) => `（${{
      waiting: '尚未回答。', stopped: '在写出第一个字之前已停止。', interrupted: '在写出第一个字之前 Longtake 已退出。', failed: message === undefined ? '未能回答。' : `未能回答：${message}`, empty: '没有内容。',
    }[reason]}）`,
  },
};
