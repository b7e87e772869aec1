import { wireErrorResult } from '../protocol/methods-app.ts';
import type { SurveyEntry, SurveyPartEntry } from '../protocol/methods-surveys.ts';
import type { Survey, SurveyPart } from '../library/index.ts';
import { viewMessage } from './message-view.ts';
import type { Workspace } from './workspace.ts';

type Sight = Pick<Workspace, 'library' | 'answers' | 'surveyRounds'>;

/** All questions across videos, newest first. */
export function viewSurveys({ library, surveyRounds }: Sight): SurveyEntry[] {
  return library.surveys.list().map((survey) => describe(survey, surveyRounds));
}

/** One of them with its videos, and the text that live answers have by now. */
export function viewSurvey(sight: Sight, surveyId: string): SurveyEntry & { parts: SurveyPartEntry[] } {
  const { library, surveyRounds } = sight;
  return { ...describe(library.surveys.get(surveyId), surveyRounds), parts: library.surveys.parts(surveyId).map((part) => viewPart(sight, surveyId, part)) };
}

function describe({ id, question, createdAtMs, videoCount, askedCount }: Survey, rounds: Sight['surveyRounds']): SurveyEntry {
  return { id, question, createdAtMs, videoCount, askedCount, running: rounds.isRunning(id) };
}

function viewPart({ library, answers, surveyRounds }: Sight, surveyId: string, { videoId, videoTitle, conversationId, answerId, error }: SurveyPart): SurveyPartEntry {
  const waiting = surveyRounds.isWaiting(surveyId, videoId);
  return {
    videoId, videoTitle, conversationId, waiting,
    answer: answerId === null ? null : viewMessage({ ...library.messages.get(answerId), siblingIds: [answerId] }, answers.get(answerId)),
    // What stood against it the last time is of no account while it is tried again.
    error: waiting ? null : wireErrorResult.safeParse(error).data ?? null,
  };
}

/** Places of parts that are new, or other than what a client has. */
export function changedParts(before: readonly string[], after: readonly string[]): number[] {
  return after.flatMap((text, at) => before[at] === text ? [] : [at]);
}
