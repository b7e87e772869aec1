import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { EngineClient } from '../../protocol/envelope-client.ts';
import type { VideoCard } from '../../protocol/methods-library.ts';
import type { SingleAnswer } from '../../protocol/single-answer.ts';
import { sendJson, toApiError } from './api-error.ts';
import { readModel } from './api-models.ts';
import { readChatRequest, type ChatRequest } from './chat-request.ts';
import { findAskedVideo } from './find-video.ts';

type Sinks = { readonly onText: (text: string) => void; readonly onProgress: (what: string, share: number | undefined) => void };

/** `POST /v1/chat/completions`. Throws what is wrong with the request; once a stream has begun, errors are its last event, where OpenAI's clients look for them: a finish_reason would call a part of an answer whole. */
export async function completeChat(client: EngineClient, body: unknown, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const request = readChatRequest(body);
  const model = await readModel(client, request.model);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.id };
  const names = model.videoId === undefined ? request.videos : [...request.videos, model.videoId];
  if (request.stream) await streamCompletion(client, request, names, head, response, signal);
  else {
    const { video, answer } = await answerRequest(client, request, names, { onText: () => undefined, onProgress: () => undefined }, signal);
    sendJson(response, 200, {
      ...head, object: 'chat.completion', usage: usageOf(answer), longtake: describe(video, answer, request),
      choices: [{ index: 0, message: { role: 'assistant', content: answer.text, refusal: null }, logprobs: null, finish_reason: reasonOf(answer) }],
    });
  }
}

type Head = { readonly id: string; readonly created: number; readonly model: string };

/** Server-sent events: chunks of text, one that says why it ends, the usage where it was asked for, `[DONE]`. Comments say how far it is before the first word. */
async function streamCompletion(client: EngineClient, request: ChatRequest, names: readonly string[], head: Head, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const send = (line: string): void => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    response.write(`${line}\n\n`);
  };
  const chunk = (delta: object, reason: string | null, more: object = {}): void => {
    send(`data: ${JSON.stringify({
      ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }], ...request.includeUsage && { usage: null }, ...more,
    })}`);
  };
  let begun = false;
  const begin = (): void => {
    if (!begun) chunk({ role: 'assistant', content: '' }, null);
    begun = true;
  };
  try {
    const { video, answer } = await answerRequest(client, request, names, {
      onText: (text) => { begin(); chunk({ content: text }, null); },
      onProgress: (what, share) => { send(`: ${what}${share === undefined ? '' : ` ${(share * 100).toFixed(0)} %`}`); },
    }, signal);
    begin();
    chunk({}, reasonOf(answer), { longtake: describe(video, answer, request) });
    if (request.includeUsage) send(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(answer) })}`);
    send('data: [DONE]');
  } catch (error) {
    if (!response.headersSent || signal.aborted) throw error;
    send(`data: ${JSON.stringify({ error: toApiError(error).error })}`);
  }
  response.end();
}

/** Finds the video, waits for the answer's turn and for the answer. Throws what either throws. */
async function answerRequest(client: EngineClient, { turns, options, encode }: ChatRequest, names: readonly string[], { onText, onProgress }: Sinks, signal: AbortSignal): Promise<{ readonly video: VideoCard; readonly answer: SingleAnswer }> {
  const video = await findAskedVideo(client, names, encode, { signal, onProgress: ({ done, total }) => { onProgress('watching the video', total === undefined || total === 0 ? undefined : done / total); } });
  const { promise, resolve, reject } = Promise.withResolvers<SingleAnswer>();
  client.subscribe('answer', { videoId: video.id, turns: [...turns], ...options }, (event) => {
    switch (event.kind) {
      case 'waiting': return;
      case 'progress': onProgress(event.progress.stage === 'memory' ? 'recalling the memory' : 'reading', event.progress.share); return;
      case 'text': onText(event.text); return;
      case 'end': resolve(event.answer); return;
      default: event satisfies never;
    }
  }, { onError: reject });
  return { video, answer: await promise };
}

function reasonOf({ ended }: SingleAnswer): 'stop' | 'length' {
  return ended === 'length' ? 'length' : 'stop';
}

/** What the video takes of the context is prompt as well. */
function usageOf({ tokens: { prompt, video, answer } }: SingleAnswer): object {
  return { prompt_tokens: prompt + video, completion_tokens: answer, total_tokens: prompt + video + answer, prompt_tokens_details: { cached_tokens: 0, video_tokens: video } };
}

/** What OpenAI's API has no member for, in the shapes of `longtake ask --json`. */
function describe({ id, title }: VideoCard, answer: SingleAnswer, { ignored }: ChatRequest): object {
  const { citations, moments, coverage, provider, timings, droppedTurns, subtitles } = answer;
  return { video: { id, title }, citations, moments, coverage, provider, timings, droppedTurns, subtitles, ignored };
}
