import { z } from 'zod';
import { longestQuery } from './limits.ts';
import { wireErrorResult } from './methods-app.ts';
import { folderSchema } from './methods-folders.ts';
import { subtitleTracksSchema } from './methods-media.ts';

const nothing = z.strictObject({});
const videoId = z.string().min(1).max(100);
const memoryId = z.string().min(1).max(100);

export const memorySchema = z.object({
  id: memoryId,
  encoderName: z.string(),
  encoderFingerprint: z.string().describe('a model whose encoder has the same one answers from it'),
  mode: z.enum(['exact', 'fast']),
  state: z.enum(['growing', 'complete', 'damaged']),
  frameCount: z.int(),
  byteLength: z.number(),
});

/** A card of the library. */
export const videoSchema = z.object({
  id: videoId,
  title: z.string(),
  durationSeconds: z.number().optional(),
  addedAtMs: z.int(),
  /** Where it was last seen. Absent for one that came with an imported memory. */
  path: z.string().optional(),
  /** Whether a file of its size is at one of its paths now: it can be played and encoded. */
  present: z.boolean(),
  /** The sample, or another film of its town: what the demo model understands. */
  isPebbleTown: z.boolean(),
  memories: z.array(memorySchema),
  conversations: z.int(),
  folderId: z.string().nullable().describe('null: in none'),
});
export type VideoCard = z.infer<typeof videoSchema>;

/** What a player needs to know; null where the file was never looked into here. */
const fileSchema = z.object({
  container: z.string(),
  width: z.int(),
  height: z.int(),
  videoCodec: z.string(),
  audioCodecs: z.array(z.string()),
  framesPerSecond: z.number(),
  /** Whether Chromium plays the file itself, or a copy that was made, or needs one (`proxy.make`). */
  playable: z.enum(['original', 'proxy', 'needs-proxy']),
  /** Why it needs one; null where it does not. */
  playableReason: z.string().nullable(),
  proxyByteLength: z.number().nullable(),
  chapters: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), title: z.string().optional() })),
});

/** The library as a list shows it: folders by name, empty ones among them. */
export const librarySchema = z.object({ videos: z.array(videoSchema), folders: z.array(folderSchema), byteLength: z.number() });

export const libraryMethods = {
  'library.list': { params: z.strictObject({ removed: z.boolean().default(false) }), result: librarySchema },
  'library.get': { params: z.strictObject({ videoId }), result: videoSchema.extend({ file: fileSchema.nullable() }) },
  /** A video by its file, title, id or fingerprint, as a person or a script names it. Throws `not-found`, also where a title fits several. */
  'library.find': { params: z.strictObject({ name: z.string().min(1).max(4096) }), result: videoSchema },
  'library.rename': { params: z.strictObject({ videoId, title: z.string().trim().min(1).max(500) }), result: nothing },
  /** Out of the library; `library.restore` undoes it. Its encode rests meanwhile, in its place in the queue. */
  'library.remove': { params: z.strictObject({ videoId }), result: nothing },
  'library.restore': { params: z.strictObject({ videoId }), result: nothing },
  /** Deletes a removed video's memories and conversations for good. The file itself is not touched. */
  'library.purge': { params: z.strictObject({ videoId }), result: z.object({ byteLength: z.number() }) },
  /** Notes where a moved file lies now. Refuses another video with `bad-argument`. */
  'library.relink': { params: z.strictObject({ videoId, path: z.string().min(1) }), result: nothing },
  'search.all': {
    params: z.strictObject({ query: z.string().max(longestQuery), limit: z.int().min(1).max(200).default(50) }),
    result: z.object({
      hits: z.array(z.object({
        kind: z.enum(['message', 'conversation', 'video', 'subtitle', 'chapter', 'folder', 'survey']),
        videoId: videoId.nullable().describe('null for a folder, and a question across videos'),
        conversationId: z.string().nullable(),
        messageId: z.string().nullable(),
        folderId: z.string().nullable(),
        surveyId: z.string().nullable(),
        startSeconds: z.number().nullable().describe('of a subtitle: where it is said; of a chapter: where it begins'),
        title: z.string(),
        snippet: z.string(),
        matches: z.array(z.object({ start: z.int(), end: z.int() })).describe('places of the found words in the snippet'),
      })),
      more: z.boolean().describe('than the limit; every kind has its share of it'),
    }),
  },
  'suggestions.list': {
    params: z.strictObject({ videoId, language: z.enum(['en', 'zh']).default('en').describe('of the one who asks; what is about the demo model\'s town is English in any') }),
    result: z.object({ questions: z.array(z.string()).describe('the first ones first, without those that were asked of the video already') }),
  },
  'memory.info': {
    params: z.strictObject({ videoId }),
    result: z.object({
      /** The memory that questions are answered from with the model in use; null while there is none. */
      memory: memorySchema.extend({
        durationSeconds: z.number().optional(),
        coverageSeconds: z.number().describe('up to here there are frames'),
        gaps: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), reason: z.string() })),
        subtitleTracks: z.int(),
      }).nullable(),
    }),
  },
  /** Real presentation times of the frames, ascending; frame n is thumbnail n. */
  'memory.frames': { params: z.strictObject({ memoryId }), result: z.object({ ptsSeconds: z.array(z.number()) }) },
  /** For shells without an address for it: the JPEG as base64, null where the frame has none. */
  'memory.thumbnail': { params: z.strictObject({ memoryId, frame: z.int().nonnegative() }), result: z.object({ jpegBase64: z.string().nullable() }) },
  'memory.subtitles': {
    params: z.strictObject({ memoryId }),
    result: z.object({ tracks: subtitleTracksSchema }),
  },
  /** Reports progress. Without `file` it is made to be downloaded: `archive/<download>` is there for an hour. */
  'archive.export': {
    params: z.strictObject({ videoId, file: z.string().min(1).optional(), chats: z.boolean().default(false), overwrite: z.boolean().default(false) }),
    result: z.object({ file: z.string().nullable(), download: z.string().nullable(), fileName: z.string(), frames: z.int(), byteLength: z.number(), conversations: z.int() }),
  },
  /** Reports progress. */
  'archive.import': {
    params: z.strictObject({ file: z.string().min(1) }),
    result: z.object({ videoId, title: z.string(), frames: z.int(), coverageSeconds: z.number(), encoderName: z.string(), alreadyThere: z.boolean() }),
  },
} as const;

const jobId = z.string().min(1).max(100);

/** An encode that waits, runs, or has ended in a way that wants a decision. Finished ones leave the queue. */
export const jobSchema = z.object({
  id: jobId,
  videoId,
  title: z.string(),
  state: z.enum(['queued', 'running', 'paused', 'failed', 'cancelled']),
  stage: z.string().nullable().describe('prepare-model, encode; null before it has run'),
  /** 0 to 1; null where the length of the video is not known. */
  share: z.number().nullable(),
  doneSeconds: z.number(),
  totalSeconds: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  provider: z.string().nullable().describe('the device that it runs on'),
  error: wireErrorResult.nullable().describe('why it failed; of a paused one: why it rests, and nothing behind it is begun, where no person has paused it'),
});
export type QueueJob = z.infer<typeof jobSchema>;

const paths = z.array(z.string().min(1)).min(1).max(1000);

const forecastSchema = z.object({
  /** Videos of which something is to be encoded, and what each takes by itself; what could not be looked into is not among them. */
  files: z.array(z.object({ path: z.string(), frames: z.int().nullable(), diskBytes: z.number().nullable(), encodeSeconds: z.number().nullable() })),
  /** Together; null where the length of one is not known. */
  frames: z.int().nullable(),
  diskBytes: z.number().nullable(),
  /** From the speed of the last encode with this model; before the first, from what the machine was measured to do, and null where nobody has measured it. */
  encodeSeconds: z.number().nullable(),
  freeDiskBytes: z.number(),
  keptDiskBytes: z.number().describe('of what is free: for what is in the queue already, and what is left to the system'),
  fits: z.boolean().describe('on the disk, with what is kept'),
  encodeMemoryBytes: z.number().describe('RAM of the encode, on the CPU'),
  answerMemoryBytes: z.number().nullable().describe('RAM of an answer about the whole of the longest, on the CPU; null where no length is known'),
  machineMemoryBytes: z.number(),
  fitsMemory: z.boolean(),
  modelBytes: z.number(),
  provider: z.string().nullable(),
});

export const queueMethods = {
  /**
   * Files and folders (searched for videos). Each is looked into; what cannot be used is refused by itself. A folder with
   * several videos becomes one of the library, with those of them that are in none. `folder`: what the folder was called from
   * which files came one by one, as a browser sends them.
   */
  'queue.add': {
    params: z.strictObject({ paths, folder: z.string().trim().min(1).max(200).optional() }),
    result: z.object({
      results: z.array(z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('queued'), path: z.string(), videoId, jobId }),
        z.object({ outcome: z.literal('in-memory'), path: z.string(), videoId }),
        z.object({ outcome: z.literal('refused'), path: z.string(), error: wireErrorResult }),
      ])),
      folders: z.array(folderSchema.extend({ videoCount: z.int().describe('that were put into it') })),
    }),
  },
  'queue.addSample': { params: nothing, result: z.object({ videoId, jobId: jobId.nullable() }) },
  'queue.list': { params: nothing, result: z.object({ jobs: z.array(jobSchema) }) },
  /** What it will take, before it starts. Of files and folders together, or of a video of the library. */
  'queue.forecast': { params: z.union([z.strictObject({ paths }), z.strictObject({ videoId })]), result: forecastSchema },
  'queue.pause': { params: z.strictObject({ jobId }), result: nothing },
  /** Puts a paused, failed or cancelled job back into the queue. Throws `bad-argument` where its video was removed. */
  'queue.resume': { params: z.strictObject({ jobId }), result: nothing },
  /** Stops it. What is encoded stays; `queue.resume` undoes it, `queue.remove` forgets the job. */
  'queue.cancel': { params: z.strictObject({ jobId }), result: nothing },
  'queue.remove': { params: z.strictObject({ jobId }), result: nothing },
  /** Before another job; without one, to the end. The one that runs is not interrupted. */
  'queue.move': { params: z.strictObject({ jobId, beforeJobId: jobId.optional() }), result: nothing },
} as const;
