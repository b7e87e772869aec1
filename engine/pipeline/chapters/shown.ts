import { z } from 'zod';
import type { ChapterSet, Library, Video } from '../../library/index.ts';

/** A chapter as it is shown. A title is empty where it has none. */
export type ShownChapter = { readonly startSeconds: number; readonly endSeconds: number; readonly title: string; readonly text: string };

export type ShownChapters = {
  /** `file`: those that whoever made the file put into it. `unfinished`: those that a model has begun to make. */
  readonly source: 'made' | 'file' | 'unfinished' | 'none';
  readonly chapters: readonly ShownChapter[];
  /** Empty where there is none. */
  readonly summary: string;
  /** The name of the model that made them; null for those of a file. */
  readonly model: string | null;
};

const probeSchema = z.object({ chapters: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), title: z.string().optional() })) });

/** The chapters of a file, by what `probeVideo` said of it, in order; none for a probe of an earlier version. */
export function fileChapters(probe: unknown): ShownChapter[] {
  const chapters = probeSchema.safeParse(probe).data?.chapters ?? [];
  return chapters.filter(({ startSeconds, endSeconds }) => startSeconds >= 0 && endSeconds > startSeconds)
    .map(({ title, ...range }) => ({ ...range, title: title?.trim() ?? '', text: '' }))
    .sort((one, other) => one.startSeconds - other.startSeconds);
}

/** What is shown of a video: made ones before the file's own, and, where there is nothing else, as far as they are made. */
export function shownChapters(library: Library, video: Pick<Video, 'id' | 'probe'>): ShownChapters {
  const complete = library.chapters.find(video.id, 'complete');
  if (complete !== undefined) return describeSet(complete, 'made');
  const ofFile = fileChapters(video.probe);
  if (ofFile.length > 0) return { source: 'file', chapters: ofFile, summary: '', model: null };
  const making = library.chapters.find(video.id, 'making');
  return making === undefined ? { source: 'none', chapters: [], summary: '', model: null } : describeSet(making, 'unfinished');
}

function describeSet({ chapters, summary, model }: ChapterSet, source: 'made' | 'unfinished'): ShownChapters {
  return {
    source, summary, model,
    chapters: chapters.map(({ startSeconds, endSeconds, title, text }) => ({ startSeconds, endSeconds, title: title ?? '', text })),
  };
}
