import type { Change } from './changes.ts';
import type { StreamSources } from './connection.ts';
import { listInstalled } from './handlers-models.ts';
import { changedFrom, viewMessages } from './message-view.ts';
import { answerOnce } from './answer-once.ts';
import { readSettings } from './settings.ts';
import { listVideos } from './video-cards.ts';
import { changedParts, viewSurvey, viewSurveys, type EndedAnswers } from './survey-view.ts';
import { watch } from './watch.ts';
import type { Workspace } from './workspace.ts';

/** Where each stream of the protocol comes from. */
export function createSources(workspace: Workspace): StreamSources {
  const { home, library, changes, host, queue, answers, modelJobs, chapterJobs, moving } = workspace;
  return {
    library: (_params, push, context) => {
      watch(changes, ({ topic }) => topic === 'library' || topic === 'conversations', () => listVideos(home, library), push, context);
    },
    queue: (_params, push, context) => { watch(changes, ({ topic }) => topic === 'queue', () => ({ jobs: queue.list() }), push, context); },
    model: (_params, push, context) => {
      watch(changes, ({ topic }) => topic === 'model', () => ({ ...host.status, refusedProviders: [...host.status.refusedProviders] }), push, context);
    },
    models: (_params, push, context) => {
      watch(changes, ({ topic }) => topic === 'models' || topic === 'settings', async () => {
        const jobs = modelJobs.list(); // first: a model that arrives meanwhile is in both, and never in neither
        return { models: await listInstalled(workspace), jobs };
      }, push, context);
    },
    settings: (_params, push, context) => { watch(changes, ({ topic }) => topic === 'settings', () => readSettings(library), push, context); },
    move: (_params, push, context) => { watch(changes, ({ topic }) => topic === 'move', () => ({ moving: moving.state }), push, context); },
    answer: (params, push, { signal, fail }) => {
      library.videos.get(params.videoId);
      answerOnce(workspace, params, push, signal).catch(fail);
    },
    conversations: ({ videoId }, push, context) => {
      library.videos.get(videoId);
      watch(changes, (change) => change.topic === 'conversations' && change.videoId === videoId,
        () => ({ conversations: library.conversations.list({ videoId }) }), push, context);
    },
    chapters: ({ videoId }, push, context) => {
      library.videos.get(videoId);
      // The library's changes, too: a file that was looked into again may have other chapters.
      watch(changes, (change) => change.topic === 'library' || (change.topic === 'chapters' && change.videoId === videoId), () => chapterJobs.view(videoId), push, context);
    },
    conversation: ({ conversationId }, push, context) => {
      library.conversations.get(conversationId);
      let sent: string[] = [];
      watch(changes, (change) => change.topic === 'conversation' && change.conversationId === conversationId,
        () => viewMessages(library, answers, conversationId), (messages) => {
          const texts = messages.map((message) => JSON.stringify(message));
          const from = changedFrom(sent, texts);
          const shorter = texts.length < sent.length;
          const first = sent.length === 0 && texts.length === 0;
          sent = texts;
          if (first || shorter || from < texts.length) push({ kind: 'messages', from, messages: messages.slice(from) });
        }, context);
      changes.listen((change) => {
        if (change.topic === 'text' && change.conversationId === conversationId) {
          push({ kind: 'text', messageId: change.messageId, offset: change.offset, text: change.text });
        } else if (change.topic === 'answer-progress' && change.conversationId === conversationId) {
          push({ kind: 'progress', messageId: change.messageId, progress: change.progress });
        }
      }, context.signal);
    },
    surveys: (_params, push, context) => {
      watch(changes, ({ topic }) => topic === 'surveys', () => ({ surveys: viewSurveys(workspace) }), push, context);
    },
    survey: ({ surveyId }, push, context) => {
      library.surveys.get(surveyId);
      let sent: string[] = [];
      let answerIds = new Set<string>();
      const ended: EndedAnswers = new Map();
      const concerns = (change: Change): boolean => change.topic === 'surveys' || change.topic === 'library' || change.topic === 'conversations' || change.topic === 'conversation';
      watch(changes, concerns, () => viewSurvey(workspace, surveyId, ended), ({ parts, ...survey }) => {
        const texts = parts.map((part) => JSON.stringify(part));
        const changed = changedParts(sent, texts).flatMap((at) => parts[at] === undefined ? [] : [{ at, part: parts[at] }]);
        sent = texts;
        answerIds = new Set(parts.flatMap(({ answer }) => answer === null ? [] : [answer.id]));
        push({ kind: 'parts', survey, count: parts.length, changed });
      }, context);
      changes.listen((change) => {
        if (change.topic === 'text' && answerIds.has(change.messageId)) push({ kind: 'text', messageId: change.messageId, offset: change.offset, text: change.text });
        else if (change.topic === 'answer-progress' && answerIds.has(change.messageId)) push({ kind: 'progress', messageId: change.messageId, progress: change.progress });
      }, context.signal);
    },
  };
}
