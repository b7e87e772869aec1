import { z } from 'zod';

const nothing = z.strictObject({});

/** What a dialog of the page shows: folders, and what Longtake opens. */
const fileEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'video', 'memory']),
  byteLength: z.number().describe('0 for a folder'),
  modifiedAtMs: z.number(),
});

export const fileMethods = {
  /** A folder of the engine's machine, folders first. Hidden entries and what Longtake does not open are left out. Without `directory`: the user's own. */
  'files.list': {
    params: z.strictObject({ directory: z.string().min(1).max(4096).optional() }),
    result: z.object({
      directory: z.string(),
      parent: z.string().nullable().describe('null at the top'),
      separator: z.enum(['/', '\\']),
      shortcuts: z.array(z.object({ kind: z.enum(['home', 'desktop', 'documents', 'downloads', 'videos', 'drive']), name: z.string(), path: z.string() })),
      entries: z.array(fileEntrySchema),
      left: z.int().describe('entries that are not listed because there are too many'),
    }),
  },
  /** What the library's folder takes, by kind. */
  'storage.get': {
    params: nothing,
    result: z.object({
      home: z.string(),
      freeBytes: z.number(),
      memoryBytes: z.number(),
      proxyBytes: z.number(),
      modelBytes: z.number(),
      uploadBytes: z.number(),
      downloadBytes: z.number().describe('exports that a browser can fetch; each is deleted after an hour'),
      otherBytes: z.number().describe('library, posters, waveforms, subtitles'),
      removedVideos: z.int().describe('videos that can be purged'),
    }),
  },
  /** Moves the library's folder to another place, with everything in it. Reports progress. Refused with `library-busy` while something runs; the engine starts again afterwards. */
  'library.move': {
    params: z.strictObject({ directory: z.string().min(1).max(4096) }),
    result: z.object({ from: z.string(), to: z.string(), byteLength: z.number() }),
  },
} as const;
