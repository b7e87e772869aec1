import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Turn } from '../../chat/prompt.ts';
import { refusal } from './api-error.ts';

/** `POST /v1/chat/completions` as OpenAI's API documents it, as far as an answer about a video has a use for it. */
const textPart = z.object({ type: z.literal('text'), text: z.string() });
const videoPart = z.object({ type: z.literal('video_url'), video_url: z.union([z.string(), z.object({ url: z.string() })]) });
const otherPart = z.object({ type: z.string() });
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.null(), z.array(z.union([textPart, videoPart, otherPart]))]).optional(),
});

const numberOf = (least: number, most: number) => z.number().min(least).max(most);
const taken = {
  model: z.string().max(1000).optional(),
  messages: z.array(messageSchema).min(1).max(1000),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).optional(),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: numberOf(0, 2).optional(),
  top_p: numberOf(0, 1).optional(),
  seed: z.int().optional(),
  stop: z.union([z.string().max(1000), z.array(z.string().max(1000)).max(16)]).optional(),
  // Ours: the video by id, path or title; a part of it; whether to watch it first.
  video: z.string().min(1).max(4096).optional(),
  range: z.object({ start_seconds: z.number().nonnegative(), end_seconds: z.number().positive() }).optional(),
  encode: z.boolean().default(false),
};
/** Without these a reply would be another one than was asked for, so that they are refused; everything else that is unknown is ignored and named. */
const refused: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value !== 1,
  tools: (value) => !Array.isArray(value) || value.length > 0,
  functions: (value) => !Array.isArray(value) || value.length > 0,
  response_format: (value) => z.object({ type: z.literal('text') }).safeParse(value).success === false,
  logprobs: (value) => value !== false,
  audio: () => true,
  modalities: (value) => !Array.isArray(value) || value.some((each) => each !== 'text'),
};
/** Every member that is looked at; docs/automation.md explains them. */
export const knownMembers: readonly string[] = [...Object.keys(taken), ...Object.keys(refused)];

/** As the protocol takes at most. */
const mostTokens = 4096;

export type ChatRequest = {
  readonly model: string | undefined;
  readonly turns: readonly Turn[];
  /** Of the parts of messages and of `video`, each once, as they were given. */
  readonly videos: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly encode: boolean;
  readonly options: {
    range?: { startSeconds: number; endSeconds: number }; maxNewTokens?: number; temperature?: number; topP?: number; seed?: number; stop?: string[];
  };
  /** Members that were given and change nothing. */
  readonly ignored: readonly string[];
};

/** Throws `bad-argument` with the member that cannot be used. */
export function readChatRequest(body: unknown): ChatRequest {
  const given = z.record(z.string(), z.unknown()).safeParse(body);
  if (!given.success) throw refusal('body', 'The body is not a JSON object.');
  // OpenAI's API takes null for what is not said.
  const said = Object.fromEntries(Object.entries(given.data).filter(([, value]) => value !== null));
  for (const [name, isRefused] of Object.entries(refused)) {
    if (name in said && isRefused(said[name])) throw refusal(name, `Longtake cannot do what "${name}" asks for. Leave it out.`);
  }
  const parsed = z.object(taken).safeParse(said);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(pathOf(issue?.path ?? []), `${pathOf(issue?.path ?? [])} cannot be used: ${issue?.message ?? 'it has another shape'}.`);
  }
  const { model, messages, stream, stream_options: streamOptions, video, range, encode, temperature, top_p: topP, seed, stop, ...limits } = parsed.data;
  const tokens = limits.max_completion_tokens ?? limits.max_tokens;
  const stops = [stop ?? []].flat().filter((each) => each !== '');
  return {
    model, stream, encode, includeUsage: streamOptions?.include_usage ?? false, turns: readTurns(messages),
    videos: [...new Set([...messages.flatMap(readVideos), ...video === undefined ? [] : [readVideo(video, 'video')]])],
    options: {
      ...range && { range: { startSeconds: range.start_seconds, endSeconds: range.end_seconds } },
      ...tokens !== undefined && { maxNewTokens: Math.min(mostTokens, tokens) },
      ...temperature !== undefined && { temperature }, ...seed !== undefined && { seed },
      // 0 leaves the likeliest token, as the smallest share does.
      ...topP !== undefined && { topP: Math.max(topP, Number.MIN_VALUE) },
      ...stops.length > 0 && { stop: stops },
    },
    ignored: Object.keys(said).filter((name) => !knownMembers.includes(name)),
  };
}

type Message = z.infer<typeof messageSchema>;

/** Instructions open the first question; messages of one role that follow each other are one turn. */
function readTurns(messages: readonly Message[]): Turn[] {
  const turns: { role: Turn['role']; content: string }[] = [];
  const instructions: string[] = [];
  for (const [index, message] of messages.entries()) {
    const text = readText(message, index);
    if (message.role === 'tool' || message.role === 'function') throw refusal(`messages[${index}].role`, `Longtake calls no tools, so it has no use for a message of the role "${message.role}".`);
    if (message.role === 'system' || message.role === 'developer') { instructions.push(text); continue; }
    if (text === '' && message.role === 'assistant') continue;
    const last = turns.at(-1);
    if (last?.role === message.role) last.content = [last.content, text].filter((each) => each !== '').join('\n');
    else turns.push({ role: message.role, content: text });
  }
  const [first] = turns;
  if (first !== undefined) first.content = [...instructions, first.content].join('\n');
  return turns;
}

function readText({ content }: Message, index: number): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part, place) => {
    if ('text' in part) return [part.text];
    if ('video_url' in part) return [];
    throw refusal(`messages[${index}].content[${place}]`, `Longtake takes parts of the types "text" and "video_url", not "${part.type}".`);
  }).join('\n');
}

function readVideos({ content }: Message, index: number): string[] {
  return typeof content === 'string' ? [] : (content ?? []).flatMap((part, place) => ('video_url' in part
    ? [readVideo(typeof part.video_url === 'string' ? part.video_url : part.video_url.url, `messages[${index}].content[${place}]`)] : []));
}

/** A file's address becomes its path; ids, paths and titles stay what they are. */
function readVideo(name: string, parameter: string): string {
  if (/^(?:https?|data|blob|ftp):/iu.test(name)) throw refusal(parameter, 'Longtake fetches nothing: name a video of this machine, by file:///…, its path, or its id or title in the library.');
  if (!name.startsWith('file:')) return name;
  try {
    return fileURLToPath(name);
  } catch {
    throw refusal(parameter, `${JSON.stringify(name)} names no file of this machine. It is file:///, and then the path.`);
  }
}

/** ['messages', 0, 'role'] is messages[0].role. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`)).join('') || 'body';
}
