import type { surveyMethods } from '../protocol/methods-surveys.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import { demoModelName } from '../pipeline/model-store.ts';
import { isPebbleTown } from '../pipeline/pebble-town.ts';
import { exportSurvey } from './survey-export.ts';
import { viewSurvey, viewSurveys } from './survey-view.ts';
import type { Workspace } from './workspace.ts';

export function createSurveyHandlers(workspace: Workspace): MethodHandlers<keyof typeof surveyMethods> {
  const { library, changes, surveyRounds } = workspace;
  const changed = (): Record<string, never> => {
    changes.emit({ topic: 'surveys' });
    return {};
  };
  return {
    'surveys.list': () => ({ surveys: viewSurveys(workspace) }),
    'surveys.get': ({ surveyId }) => viewSurvey(workspace, surveyId),
    'surveys.ask': ({ question, videoIds }) => ({ surveyId: surveyRounds.ask(question, videoIds) }),
    'surveys.resume': ({ surveyId }) => {
      surveyRounds.resume(surveyId);
      return {};
    },
    'surveys.stop': ({ surveyId }) => {
      surveyRounds.stop(surveyId);
      return {};
    },
    'surveys.remove': ({ surveyId }) => {
      library.surveys.remove(surveyId);
      surveyRounds.stop(surveyId);
      return changed();
    },
    'surveys.restore': ({ surveyId }) => {
      library.surveys.restore(surveyId);
      return changed();
    },
    'surveys.export': async ({ surveyId, format, language }) => {
      const survey = viewSurvey(workspace, surveyId);
      const parts = await Promise.all(survey.parts.map(async (part) => ({
        ...part, madeUp: part.answer?.answer?.model === demoModelName && !await isPebbleTown(library.videos.get(part.videoId)),
      })));
      return exportSurvey({ ...survey, parts }, format, language);
    },
  };
}
