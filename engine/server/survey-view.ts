import { wireErrorResult } from '../protocol/methods-app.ts';
import type { MessageEntry } from '../protocol/methods-conversations.ts';
import type { SurveyEntry, SurveyPartEntry } from '../protocol/methods-surveys.ts';
import type { Survey, SurveyPart } from '../library/index.ts';
import { viewMessage } from './message-view.ts';
import type { Workspace } from './workspace.ts';

type Sight = Pick<Workspace, 'library' | 'answers' | 'surveyRounds'>;

/** All questions across videos, newest first. */
export function viewSurveys({ library, surveyRounds }: Sight): SurveyEntry[] {
  return library.surveys.list().map((survey) => describe(survey, surveyRounds));
}

/** Answers that have ended, by id: they change no more, and with all that is kept of them they are long to read. */
export type EndedAnswers = Map<string, MessageEntry>;

/** One of them with its videos, and the text that live answers have by now. Who looks again and again keeps what has `ended`. */
export function viewSurvey(sight: Sight, surveyId: string, ended: EndedAnswers = new Map()): SurveyEntry & { parts: SurveyPartEntry[] } {
  const { library, surveyRounds } = sight;
  return { ...describe(library.surveys.get(surveyId), surveyRounds), parts: library.surveys.parts(surveyId).map((part) => viewPart(sight, surveyId, part, ended)) };
}

function describe({ id, question, createdAtMs, videoCount, askedCount }: Survey, rounds: Sight['surveyRounds']): SurveyEntry {
  return { id, question, createdAtMs, videoCount, askedCount, running: rounds.isRunning(id) };
}

function viewPart(sight: Sight, surveyId: string, { videoId, videoTitle, conversationId, answerId, error }: SurveyPart, ended: EndedAnswers): SurveyPartEntry {
  const { surveyRounds } = sight;
  const waiting = surveyRounds.isWaiting(surveyId, videoId);
  return {
    videoId, videoTitle, conversationId, waiting,
    answer: answerId === null ? null : viewAnswer(sight, answerId, ended),
    // What stood against it the last time is of no account while it is tried again.
    error: waiting ? null : wireErrorResult.safeParse(error).data ?? null,
  };
}

function viewAnswer({ library, answers }: Sight, answerId: string, ended: EndedAnswers): MessageEntry {
  const known = ended.get(answerId);
  if (known !== undefined) return known;
  const live = answers.get(answerId);
  const view = viewMessage({ ...library.messages.get(answerId), siblingIds: [answerId] }, live);
  if (live === undefined) ended.set(answerId, view);
  return view;
}

/** Places of parts that are new, or other than what a client has. */
export function changedParts(before: readonly string[], after: readonly string[]): number[] {
  return after.flatMap((text, at) => before[at] === text ? [] : [at]);
}
