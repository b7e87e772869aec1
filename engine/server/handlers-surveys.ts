import type { surveyMethods } from '../protocol/methods-surveys.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
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
    'surveys.export': ({ surveyId, format, language }) => exportSurvey(viewSurvey(workspace, surveyId), format, language),
  };
}
