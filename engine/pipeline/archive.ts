import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary, parseArchivedConversations, type Library, type MemoryEntry, type NewVideo } from '../library/index.ts';
import { probeVideo } from '../media/index.ts';
import { exportMemory, importMemory, inspectArchive, lockMemory, openMemory, removeMemory, storedByteLength, verifyArchive, type MemoryManifest } from '../memory/index.ts';
import { memoryDirectory } from './engine.ts';
import { openHome, type Home } from './home.ts';
import { findVideo } from './library-files.ts';
import { isSample, sampleVideoFile, videoTitle } from './pebble-town.ts';

export type Exported = { readonly file: string; readonly frames: number; readonly byteLength: number; readonly conversations: number };

export type Imported = {
  readonly videoId: string;
  readonly title: string;
  readonly frames: number;
  readonly coverageSeconds: number;
  readonly encoder: { readonly name: string; readonly fingerprint: string };
  /** True where the library had this very memory, whole: only conversations that it did not know were added. */
  readonly alreadyThere: boolean;
  /** What to give to `longtake ask`: the video where it is known here, otherwise its name. */
  readonly askAs: string;
};

/**
 * Writes a video's memory into one file. `name` is the video's file, title or id.
 * Throws `not-found` where no complete memory of it is in the library, and what writing throws.
 */
export async function exportVideo(
  name: string, file: string, { chats, overwrite, ...options }: WorkOptions & { readonly chats: boolean; readonly overwrite: boolean },
): Promise<Exported> {
  const home = openHome();
  using library = openLibrary(home.libraryFile);
  const video = await findVideo(library, name);
  // Allowing to replace an archive is not allowing to lose the video.
  if (existsSync(file) && video.paths.some((each) => existsSync(each) && realpathSync(each) === realpathSync(file))) {
    throw new LongtakeError('bad-argument', `${file} is the video itself. Choose another name for the archive, such as ${path.parse(file).name}.longtake.`, { file });
  }
  const complete = library.memories.list(video.id).filter(({ state }) => state === 'complete');
  const entry = complete.find(({ mode }) => mode === 'exact') ?? complete[0];
  if (entry === undefined) {
    throw new LongtakeError('not-found', `${video.title} is not completely in memory yet. "longtake ingest" finishes it, then export it.`, { video: name });
  }
  const conversations = chats ? library.conversationArchive.export(video.id) : [];
  const { byteLength } = await exportMemory(memoryDirectory(home, entry), file, { overwrite, ...options, ...(chats && { conversations }) });
  return { file, frames: entry.frameCount, byteLength, conversations: conversations.length };
}

/** Verifies a `.longtake` file and adds its memory, and the conversations in it, to the library. */
export async function importArchive(file: string, options: WorkOptions = {}): Promise<Imported> {
  const home = openHome();
  using library = openLibrary(home.libraryFile);
  const { manifest, conversations } = await inspectArchive(file);
  // Before anything of the archive becomes visible.
  const archived = conversations === undefined ? [] : parseArchivedConversations(conversations);
  const { video, encoder, mode } = manifest;
  const known = library.videos.findByFingerprint(video.fingerprint);
  const existing = known && library.memories.find({ videoId: known.id, encoderFingerprint: encoder.fingerprint, mode });
  const alreadyThere = existing?.state === 'complete' && await isWhole(memoryDirectory(home, existing), options);
  const film = await filmOf(manifest);
  // Who imports a file wants to know whether that file is good, whatever lies here already.
  if (alreadyThere) await verifyArchive(file, options);
  else await takeMemory(home, library, { file, manifest, film }, existing, options);
  const entry = library.videos.upsert(film);
  library.conversationArchive.import(entry.id, archived);
  return {
    videoId: entry.id, title: entry.title, frames: manifest.frameCount, coverageSeconds: manifest.durationSeconds ?? 0,
    encoder: { name: encoder.name, fingerprint: encoder.fingerprint }, alreadyThere, askAs: entry.paths[0] ?? entry.title,
  };
}

/** What an archive says of its film; that of the sample lies with Longtake, and has a name of its own. */
async function filmOf({ video: { fingerprint, fileName }, durationSeconds }: MemoryManifest): Promise<NewVideo> {
  const film = { fingerprint, title: fileName, durationSeconds };
  if (!await isSample(fingerprint)) return film;
  const probe = await probeVideo(sampleVideoFile, {}).catch(() => undefined); // without ffmpeg a memory is imported all the same
  return { ...film, title: videoTitle(sampleVideoFile), ...(probe !== undefined && { path: probe.path, probe }) };
}

/** A memory that is damaged here is what an archive of it is for. */
async function isWhole(directory: string, options: WorkOptions): Promise<boolean> {
  try {
    await openMemory(directory, { ...options, verify: true });
    return true;
  } catch (error) {
    if (isLongtakeError(error, 'memory-invalid') || isLongtakeError(error, 'file-not-found')) return false;
    throw error;
  }
}

/**
 * The folder first, the entry in the library after it, what it replaces last: a refused or killed import leaves no entry
 * behind, and costs nothing that was there. A memory that is being written right now refuses.
 */
async function takeMemory(
  home: Home, library: Library, { file, manifest, film }: { readonly file: string; readonly manifest: MemoryManifest; readonly film: NewVideo }, replaced: MemoryEntry | undefined, options: WorkOptions,
): Promise<void> {
  const folder = randomUUID();
  const replacedDirectory = replaced && memoryDirectory(home, replaced);
  if (replacedDirectory !== undefined && existsSync(replacedDirectory)) await (await lockMemory(replacedDirectory)).release();
  await importMemory(file, path.join(home.memoriesDirectory, folder), options);
  library.transaction(() => {
    const video = library.videos.upsert(film);
    const entry = library.memories.ensure({
      videoId: video.id, encoderFingerprint: manifest.encoder.fingerprint, encoderName: manifest.encoder.name, mode: manifest.mode,
    }, () => folder);
    library.memories.update(entry.id, {
      directory: folder, state: 'complete', frameCount: manifest.frameCount, byteLength: storedByteLength(manifest),
    });
  });
  if (replacedDirectory !== undefined) await removeMemory(replacedDirectory);
}
