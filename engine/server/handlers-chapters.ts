import path from 'node:path';
import type { chapterMethods } from '../protocol/methods-chapters.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { exportChapters, type ChapterFormat } from '../pipeline/chapters/export.ts';
import { shownChapters } from '../pipeline/chapters/shown.ts';
import { safeFileName } from '../pipeline/uploads.ts';
import { chapterName } from './export-words.ts';
import type { Workspace } from './workspace.ts';

const endings: Readonly<Record<ChapterFormat, string>> = { text: 'chapters.txt', srt: 'chapters.srt', csv: 'chapters.csv', youtube: 'youtube.txt' };

export function createChapterHandlers({ library, chapterJobs, changes }: Workspace): MethodHandlers<keyof typeof chapterMethods> {
  const changed = (videoId: string): Record<string, never> => {
    changes.emit({ topic: 'chapters', videoId });
    return {};
  };
  return {
    'chapters.get': ({ videoId }) => chapterJobs.view(videoId),
    'chapters.make': ({ videoId }) => {
      chapterJobs.make(videoId);
      return {};
    },
    'chapters.stop': ({ videoId }) => {
      chapterJobs.stop(videoId);
      return {};
    },
    'chapters.remove': ({ videoId }) => {
      chapterJobs.remove(videoId);
      return {};
    },
    'chapters.restore': ({ videoId }) => {
      library.chapters.restore(videoId);
      return changed(videoId);
    },
    'chapters.rename': ({ videoId, position, title }) => {
      library.chapters.rename(videoId, position, title);
      return changed(videoId);
    },
    'chapters.export': ({ videoId, format, language }) => {
      const video = library.videos.get(videoId);
      const shown = shownChapters(library, video);
      if (shown.chapters.length === 0) throw new LongtakeError('not-found', `${JSON.stringify(video.title)} has no chapters. Make them first.`, { videoId });
      const name = safeFileName(path.basename(video.title, path.extname(video.title)), 'video');
      return { fileName: `${name}.${endings[format]}`, ...exportChapters(shown, format, (number) => chapterName(number, language)) };
    },
  };
}

