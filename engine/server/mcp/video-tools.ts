import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { isLongtakeError, LongtakeError } from '../../protocol/errors.ts';
import type { EngineClient } from '../../protocol/envelope-client.ts';
import { formatTime } from '../../chat/citations.ts';
import type { EngineSource } from '../engine-link.ts';
import { enqueueVideo, watchVideo } from '../watch-video.ts';
import { addTool } from './tool.ts';
import { videoName } from './library-tools.ts';

const mostLines = 400;
const mostPictures = 8;

/** What is said and seen in a video, besides answers about it. */
export function addVideoTools(server: McpServer, link: EngineSource): void {
  addTool(server, link, {
    name: 'get_subtitles', title: 'Read subtitles', readOnly: true,
    description: `Reads what is said in a video, with times, from its subtitles; also of a video that was not watched. At most ${mostLines} lines at once: read a long video in ranges. Not every video has subtitles; nothing is transcribed.`,
    input: z.object({
      video: videoName, startSeconds: z.number().nonnegative().default(0), endSeconds: z.number().positive().optional().describe('Default: the end of the video.'),
      language: z.string().max(50).optional().describe('As the tracks say it, such as "eng". Default: the first track.'),
    }),
    output: z.object({
      lines: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), text: z.string() })),
      languages: z.array(z.string()), more: z.boolean().describe('More lines follow within the range; go on from the last one.'),
    }),
    run: async ({ video, startSeconds, endSeconds = Number.MAX_VALUE, language }, { client, signal }) => {
      const { id: videoId } = await client.request('library.find', { name: video }, { signal });
      const { tracks } = await client.request('video.subtitles', { videoId }, { signal });
      const languages = tracks.flatMap((track) => track.language ?? []);
      const track = language === undefined ? tracks.find(({ cues }) => cues.length > 0) : tracks.find((each) => each.language === language);
      if (track === undefined && language !== undefined) throw new LongtakeError('not-found', `There are no subtitles in "${language}". There are: ${languages.join(', ') || 'none'}.`, { language });
      const inside = (track?.cues ?? []).filter((cue) => cue.endSeconds > startSeconds && cue.startSeconds < endSeconds);
      const lines = inside.slice(0, mostLines);
      const more = inside.length > lines.length;
      const said = lines.map(({ startSeconds: at, text }) => `${formatTime(at)}  ${text.replaceAll(/\s+/gu, ' ')}`);
      return { text: said.length === 0 ? 'There are no subtitles here.' : [...said, ...more ? ['More lines follow.'] : []].join('\n'), data: { lines, languages, more } };
    },
  });

  addTool(server, link, {
    name: 'get_frames', title: 'Look at frames', readOnly: true,
    description: `Shows what is on screen at some seconds of a video, as pictures, at most ${mostPictures} at once; small ones where its file is not here any more. Use it to check what ask_video has answered: look at the times that it names.`,
    input: z.object({ video: videoName, seconds: z.array(z.number().nonnegative()).min(1).max(mostPictures).describe('The times to look at, in seconds.') }),
    output: z.object({ frames: z.array(z.object({ askedSeconds: z.number(), seconds: z.number().describe('When the frame that is shown really is.') })) }),
    run: async ({ video, seconds }, { client, signal }) => {
      const { id: videoId } = await client.request('library.find', { name: video }, { signal });
      const frames = await Promise.all(seconds.map((asked) => readFrame(client, videoId, asked, signal)));
      return {
        text: `In this order: ${frames.map((frame) => formatTime(frame.seconds)).join(', ')}.`, jpegs: frames.map(({ jpegBase64 }) => jpegBase64),
        data: { frames: frames.map((frame, index) => ({ askedSeconds: seconds[index] ?? 0, seconds: frame.seconds })) },
      };
    },
  });

  addTool(server, link, {
    name: 'watch_video', title: 'Watch a video', readOnly: false,
    description: 'Has Longtake watch a video file of this machine, once, so that it can be asked about. An hour of video takes minutes to hours, depending on model and machine; progress is reported. '
      + 'It goes on after this call ends, and a second call finds it again, so where you cannot wait that long, give wait: false and look at list_videos later. The file itself is not changed or copied.',
    input: z.object({ video: z.string().min(1).max(4096).describe('The absolute path of a video file; or the id or title of a video in the library.'), wait: z.boolean().default(true) }),
    output: z.object({ videoId: z.string(), title: z.string(), watched: z.enum(['no', 'partly', 'yes']), coverageSeconds: z.number().describe('How much of it can be asked about.') }),
    run: async ({ video, wait }, { client, signal, report }) => {
      const known = await client.request('library.find', { name: video }, { signal }).catch(() => undefined);
      const file = known?.path ?? video;
      const videoId = wait ? await watchVideo(client, file, {
        signal, onProgress: ({ done, total = 0 }) => { if (total > 0) report(done / total, `Watched ${formatTime(done)} of ${formatTime(total)}`); },
      }) : (await enqueueVideo(client, file, signal)).videoId;
      const { title } = await client.request('library.find', { name: videoId }, { signal });
      const { memory } = await client.request('memory.info', { videoId }, { signal });
      const coverageSeconds = memory?.coverageSeconds ?? 0;
      const watched = memory?.state === 'complete' ? 'yes' as const : coverageSeconds > 0 ? 'partly' as const : 'no' as const;
      return { text: `${title}: ${watched === 'yes' ? `all ${formatTime(coverageSeconds)} were watched` : `in the queue; ${formatTime(coverageSeconds)} were watched so far`}. id ${videoId}`, data: { videoId, title, watched, coverageSeconds } };
    },
  });
}

/** The file is not here any more, cannot be sought in, or ends before. */
const withoutStill: ReadonlySet<string> = new Set(['file-not-found', 'ffmpeg-failed', 'no-frames']);

/** From the file; where that cannot be, the small picture that the memory has of the nearest second. */
async function readFrame(client: EngineClient, videoId: string, asked: number, signal: AbortSignal): Promise<{ readonly seconds: number; readonly jpegBase64: string }> {
  try {
    return { seconds: asked, ...await client.request('video.still', { videoId, seconds: asked }, { signal }) };
  } catch (error) {
    const { memory } = await client.request('memory.info', { videoId }, { signal });
    if (memory === null || !isLongtakeError(error) || !withoutStill.has(error.code)) throw error;
    const { ptsSeconds } = await client.request('memory.frames', { memoryId: memory.id }, { signal });
    const frame = nearest(ptsSeconds, asked);
    const { jpegBase64 } = await client.request('memory.thumbnail', { memoryId: memory.id, frame }, { signal });
    if (jpegBase64 === null) throw error;
    return { seconds: ptsSeconds[frame] ?? 0, jpegBase64 };
  }
}

/** Index of the value that is nearest; values ascend. */
function nearest(ascending: readonly number[], value: number): number {
  let best = 0;
  for (const [index, each] of ascending.entries()) if (Math.abs(each - value) < Math.abs((ascending[best] ?? 0) - value)) best = index;
  return best;
}
