import { z } from 'zod';

const nothing = z.strictObject({});
const id = z.string().min(1).max(100);
/** A library is large, and a message to the engine at most 1 MiB. */
export const videoIdsSchema = z.array(id).max(20_000);
const name = z.string().trim().min(1).max(200);

/** By which a person groups videos: a card names the folder that it is in. */
export const folderSchema = z.object({ id, name: z.string() });
export type FolderEntry = z.infer<typeof folderSchema>;

export const folderMethods = {
  /** A new folder with some videos in it, which leave the ones that they were in. Where the name is taken it gets a number. */
  'folders.create': { params: z.strictObject({ name, videoIds: videoIdsSchema.default([]) }), result: folderSchema },
  /** Throws `bad-argument` where another folder is called so. */
  'folders.rename': { params: z.strictObject({ folderId: id, name }), result: nothing },
  /** Its videos stay in the library, in no folder; `folders.restore` undoes it until the engine ends. */
  'folders.remove': { params: z.strictObject({ folderId: id }), result: nothing },
  'folders.restore': { params: z.strictObject({ folderId: id }), result: nothing },
  /** Videos into a folder, or with null into none. */
  'folders.put': { params: z.strictObject({ videoIds: videoIdsSchema, folderId: id.nullable() }), result: nothing },
} as const;
