import { statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { libraryMethods } from '../protocol/methods-library.ts';
import type { MethodHandlers, MethodResult } from '../protocol/methods.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { Video } from '../library/index.ts';
import { fingerprintVideo, judgePlayability, probeVideo } from '../media/index.ts';
import { openMemory, type Memory } from '../memory/index.ts';
import { exportVideo, importArchive, type Exported } from '../pipeline/archive.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import { findVideo, removeVideo } from '../pipeline/library-files.ts';
import { removeUpload, safeFileName } from '../pipeline/uploads.ts';
import { suggestQuestions } from '../pipeline/questions/suggest.ts';
import { readSettings } from './settings.ts';
import { openUsableMemory } from './usable-memory.ts';
import { describeVideo, listVideos } from './video-cards.ts';
import type { Workspace } from './workspace.ts';

export function createLibraryHandlers(workspace: Workspace): MethodHandlers<keyof typeof libraryMethods> {
  const { home, library, changes, host, queue, answers, derived, downloads, chapterJobs } = workspace;
  const changed = (): Record<string, never> => {
    changes.emit({ topic: 'library' });
    return {};
  };
  const open = async (memoryId: string): Promise<Memory> => await openMemory(memoryDirectory(home, library.memories.get(memoryId)));
  return {
    'library.list': async ({ removed }) => await listVideos(home, library, removed),
    'library.get': async ({ videoId }) => {
      const video = library.videos.get(videoId);
      return { ...await describeVideo(home, library, video), file: describeFile(video, derived.proxy(videoId)) };
    },
    'library.find': async ({ name }) => {
      const video = await findVideo(library, name);
      if (video.removedAtMs === null) return await describeVideo(home, library, video);
      throw new LongtakeError('not-found', `${JSON.stringify(video.title)} was removed from the library. Put it back first.`, { videoId: video.id });
    },
    'library.rename': ({ videoId, title }) => {
      library.videos.rename(videoId, title);
      return changed();
    },
    'library.remove': ({ videoId }) => {
      library.videos.remove(videoId);
      queue.rest(videoId);
      answers.stopVideo(videoId);
      chapterJobs.stop(videoId);
      return changed();
    },
    'library.restore': ({ videoId }) => {
      library.videos.restore(videoId);
      queue.wake();
      return changed();
    },
    'library.purge': async ({ videoId }) => {
      const video = library.videos.get(videoId);
      if (video.removedAtMs === null) throw new LongtakeError('bad-argument', `${video.title} is in the library. Remove it first, then it can be deleted for good.`, { videoId });
      const { byteLength } = await removeVideo(home, library, video);
      changed();
      return { byteLength };
    },
    'library.relink': async ({ videoId, path: file }, { signal }) => {
      const video = library.videos.get(videoId);
      const probe = await probeVideo(file, { signal });
      if (await fingerprintVideo(file, { signal }) !== video.fingerprint) {
        throw new LongtakeError('bad-argument', `${JSON.stringify(file)} is another video than ${video.title}. Choose its own file, or add this one to the library.`, { path: file });
      }
      library.videos.upsert({ fingerprint: video.fingerprint, title: video.title, path: probe.path, probe, durationSeconds: probe.durationSeconds });
      derived.prepare(videoId);
      queue.retryWithFile(videoId);
      return changed();
    },
    'search.all': ({ query, limit }) => {
      const hits = library.search(query, { limit: limit + 1 }); // one more than is shown says whether there is more
      return { hits: hits.slice(0, limit), more: hits.length > limit };
    },
    'suggestions.list': async ({ videoId, language }) => ({
      questions: await suggestQuestions(library, library.videos.get(videoId), { model: readSettings(library).model, language }),
    }),
    'memory.info': async ({ videoId }) => {
      library.videos.get(videoId);
      const found = await openUsableMemory(workspace, videoId, await host.spec());
      if (found === undefined) return { memory: null };
      const { entry, memory } = found;
      const { manifest, subtitles, frameCount } = memory;
      return {
        memory: {
          ...entry, frameCount, gaps: manifest.gaps, subtitleTracks: subtitles.length,
          ...(manifest.durationSeconds !== undefined && { durationSeconds: manifest.durationSeconds }),
          coverageSeconds: memory.durationSeconds,
        },
      };
    },
    'memory.frames': async ({ memoryId }) => ({ ptsSeconds: [...(await open(memoryId)).ptsSeconds] }),
    'memory.thumbnail': async ({ memoryId, frame }) => {
      const jpeg = await (await open(memoryId)).thumbnail(frame);
      return { jpegBase64: jpeg === undefined ? null : Buffer.from(jpeg).toString('base64') };
    },
    'memory.subtitles': async ({ memoryId }) => ({ tracks: [...(await open(memoryId)).subtitles] }),
    'archive.export': async ({ videoId, file, chats, overwrite }, options) => {
      const { title } = library.videos.get(videoId);
      const fileName = `${safeFileName(path.basename(title, path.extname(title)), 'video')}.longtake`;
      if (file !== undefined) return { ...await exportVideo(videoId, file, { chats, overwrite, ...options }), download: null, fileName: path.basename(file) };
      const written = Promise.withResolvers<Exported>();
      const download = await downloads.add(fileName, async (target) => { written.resolve(await exportVideo(videoId, target, { chats, overwrite, ...options })); });
      return { ...await written.promise, file: null, download, fileName };
    },
    'archive.import': async ({ file }, options) => {
      // What came through a browser is in the library now, or was refused and is not kept.
      const { title, frames, coverageSeconds, encoder, alreadyThere, videoId } = await importArchive(file, options).finally(() => removeUpload(home, file));
      changed();
      changes.emit({ topic: 'conversations', videoId });
      derived.prepare(videoId);
      return { videoId, title, frames, coverageSeconds, encoderName: encoder.name, alreadyThere };
    },
  };
}

const streamSchema = z.object({ codec: z.string(), displayWidth: z.int(), displayHeight: z.int(), averageFrameRate: z.number() });
const probeSchema = z.object({
  container: z.string(), video: streamSchema, audio: z.array(z.object({ codec: z.string() })),
  chapters: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), title: z.string().exactOptional() })),
});

/** What a player needs of the probe that the library keeps; null where it was not looked into here. */
function describeFile({ probe }: Video, proxy: string | undefined): MethodResult<'library.get'>['file'] {
  const parsed = probeSchema.safeParse(probe);
  if (!parsed.success) return null;
  const { container, video, audio, chapters } = parsed.data;
  const playability = judgePlayability(parsed.data);
  return {
    container, width: video.displayWidth, height: video.displayHeight, videoCodec: video.codec, audioCodecs: audio.map(({ codec }) => codec),
    framesPerSecond: video.averageFrameRate, chapters,
    playable: proxy !== undefined ? 'proxy' : playability.playable ? 'original' : 'needs-proxy',
    playableReason: playability.playable ? null : playability.reason,
    proxyByteLength: proxy === undefined ? null : statSync(proxy).size,
  };
}
