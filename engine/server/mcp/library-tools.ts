import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { LongtakeError } from '../../protocol/errors.ts';
import { formatTime } from '../../chat/citations.ts';
import type { EngineSource } from '../engine-link.ts';
import { addTool } from './tool.ts';

export const videoName = z.string().min(1).max(4096).describe('The id of a video, from list_videos or search_library; or its title, or the path of its file.');

const listedVideo = z.object({
  id: z.string(), title: z.string(), path: z.string().nullable().describe('null where the file is not known here'), durationSeconds: z.number().nullable(),
  folder: z.string().nullable().describe('The name of the folder that it is in.'),
  watched: z.enum(['no', 'partly', 'yes']).describe('Only what was watched can be asked about.'), conversations: z.int(),
});

/** What is there: videos, words in them, and what was asked before. */
export function addLibraryTools(server: McpServer, link: EngineSource): void {
  addTool(server, link, {
    name: 'list_videos', title: 'List videos', readOnly: true,
    description: 'Lists the videos in the user\'s Longtake library, newest first: id, title, length, and whether each was watched. Begin here to find out which videos there are. A video that was not watched yet can be by watch_video.',
    input: z.object({
      title: z.string().max(500).optional().describe('Only videos with this in their title.'),
      limit: z.int().min(1).max(500).default(50),
    }),
    output: z.object({ videos: z.array(listedVideo), total: z.int().describe('How many fit, whatever the limit.') }),
    run: async ({ title = '', limit }, { client, signal }) => {
      const { videos: all, folders } = await client.request('library.list', {}, { signal });
      const fitting = all.filter((video) => video.title.toLowerCase().includes(title.toLowerCase()));
      const videos = fitting.slice(0, limit).map(({ id, title: name, path, durationSeconds, memories, conversations, folderId }) => ({
        id, title: name, path: path ?? null, durationSeconds: durationSeconds ?? null, conversations, folder: folders.find((folder) => folder.id === folderId)?.name ?? null,
        watched: memories.some(({ state }) => state === 'complete') ? 'yes' : memories.some(({ frameCount }) => frameCount > 0) ? 'partly' : 'no',
      } as const));
      const lines = videos.map(({ id, title: name, durationSeconds, watched }) => `${name} (${durationSeconds === null ? 'unknown length' : formatTime(durationSeconds)}, watched: ${watched})  id ${id}`);
      const more = fitting.length > videos.length ? [`${fitting.length - videos.length} more; raise limit or give a title.`] : [];
      return { text: lines.length === 0 ? 'There is none.' : [...lines, ...more].join('\n'), data: { videos, total: fitting.length } };
    },
  });

  addTool(server, link, {
    name: 'search_library', title: 'Search the library', readOnly: true,
    description: 'Full-text search over titles of videos and folders, subtitles and chapters (with the second at which a line is said or a chapter begins), and earlier questions and answers. Every word has to be there, in part of a word too; "quoted words" are a phrase. It finds words, not what is seen: for that, ask_video.',
    input: z.object({ query: z.string().min(1).max(500), limit: z.int().min(1).max(200).default(20) }),
    output: z.object({
      hits: z.array(z.object({
        kind: z.enum(['message', 'conversation', 'video', 'subtitle', 'chapter', 'folder', 'survey']).describe('folder: of videos; survey: a question that was asked of several videos, which is in their conversations, too'),
        videoId: z.string().nullable().describe('null for a folder and a survey'), conversationId: z.string().nullable(),
        seconds: z.number().nullable().describe('Where in the video, of a subtitle or a chapter.'), title: z.string(), snippet: z.string(),
      })),
      more: z.boolean(),
    }),
    run: async ({ query, limit }, { client, signal }) => {
      const { hits, more } = await client.request('search.all', { query, limit }, { signal });
      const found = hits.map(({ kind, videoId, conversationId, startSeconds: seconds, title, snippet }) => ({ kind, videoId, conversationId, seconds, title, snippet }));
      const lines = found.map(({ kind, videoId, conversationId, seconds, title, snippet }) =>
        `${kind} in ${title || 'an untitled conversation'}${seconds === null ? '' : ` at ${formatTime(seconds)}`}: ${snippet}  ${conversationId !== null ? `conversation ${conversationId}` : videoId !== null ? `video ${videoId}` : ''}`.trimEnd());
      return { text: lines.length === 0 ? 'Nothing was found.' : [...lines, ...more ? ['There is more.'] : []].join('\n'), data: { hits: found, more } };
    },
  });

  addTool(server, link, {
    name: 'get_conversation', title: 'Read earlier conversations', readOnly: true,
    description: 'Reads what the user asked Longtake about a video before. With conversationId: its questions and answers. With video alone: which conversations about it there are.',
    input: z.object({ conversationId: z.string().min(1).max(100).optional(), video: videoName.optional() }),
    output: z.object({
      conversations: z.array(z.object({ id: z.string(), title: z.string(), updatedAt: z.string() })),
      messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string(), at: z.string() })),
    }),
    run: async ({ conversationId, video }, { client, signal }) => {
      if (conversationId !== undefined) {
        const { messages } = await client.request('messages.list', { conversationId }, { signal });
        const said = messages.map(({ role, content, createdAtMs }) => ({ role, content, at: new Date(createdAtMs).toISOString() }));
        return { text: said.map(({ role, content }) => `${role}: ${content}`).join('\n\n'), data: { conversations: [], messages: said } };
      }
      if (video === undefined) throw new LongtakeError('bad-argument', 'Give conversationId or video.');
      const { id: videoId } = await client.request('library.find', { name: video }, { signal });
      const { conversations } = await client.request('conversations.list', { videoId }, { signal });
      const listed = conversations.map(({ id, title, updatedAtMs }) => ({ id, title, updatedAt: new Date(updatedAtMs).toISOString() }));
      return { text: listed.length === 0 ? 'There is none.' : listed.map(({ id, title, updatedAt }) => `${title || 'untitled'}, ${updatedAt}  id ${id}`).join('\n'), data: { conversations: listed, messages: [] } };
    },
  });
}
