import { existsSync } from 'node:fs';
import type { EngineClient } from '../../protocol/envelope-client.ts';
import { isLongtakeError, LongtakeError } from '../../protocol/errors.ts';
import type { WorkOptions } from '../../protocol/progress.ts';
import type { VideoCard } from '../../protocol/methods-library.ts';
import { watchVideo } from '../watch-video.ts';
import { refusal } from './api-error.ts';

/**
 * The one video that a request is about, with something of it in memory. `encode` watches it to its end first, one that is not in
 * the library too. Throws `bad-argument` where none or several are named, `not-found` with what to do.
 */
export async function findAskedVideo(client: EngineClient, names: readonly string[], encode: boolean, options: WorkOptions): Promise<VideoCard> {
  if (names.length === 0) {
    throw refusal('video', 'Which video is it about? Say it with "video": an id, a path or a title of the library ("longtake library list --json" has them), '
      + 'with a part {"type": "video_url", "video_url": {"url": "file:///…"}} of a message, or with one of the models that GET /v1/models lists for a video.');
  }
  const found = await Promise.all(names.map((name) => findOrAdd(client, name, encode, options)));
  const [video, ...others] = found;
  if (video === undefined || others.some(({ id }) => id !== video.id)) throw refusal('video', `A question is about one video, and this one names ${names.map((name) => JSON.stringify(name)).join(', ')}.`);
  const { memory } = await client.request('memory.info', { videoId: video.id }, options);
  if (memory !== null && (memory.state === 'complete' || !encode)) return video;
  if (encode && video.path !== undefined) await watchVideo(client, video.path, options);
  else if (video.memories.length === 0) throw refusal('video', `Nothing of ${JSON.stringify(video.title)} is in memory yet. Send "encode": true to have it watched first, or run: longtake ingest ${JSON.stringify(video.path ?? video.title)}`, 'not-found');
  return video;
}

async function findOrAdd(client: EngineClient, name: string, encode: boolean, options: WorkOptions): Promise<VideoCard> {
  try {
    return await client.request('library.find', { name }, options);
  } catch (error) {
    if (!isLongtakeError(error, 'not-found') || !existsSync(name)) throw error;
    if (encode) return await client.request('library.find', { name: await watchVideo(client, name, options) });
    throw new LongtakeError('not-found', `${JSON.stringify(name)} is not in the library. Send "encode": true to have it watched first, or run: longtake ingest ${JSON.stringify(name)}`, { parameter: 'video' }, { cause: error });
  }
}
