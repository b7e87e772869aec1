import { useApp } from '../store/use-app.ts';
import { AskedSurvey } from './asked-survey.tsx';
import { NewSurvey } from './new-survey.tsx';

/** In the place of the video: a question across videos that is being written, or one with its answers. */
export function SurveyPane() {
  const place = useApp((state) => state.surveyPlace);
  if (place === undefined) return null;
  return place.kind === 'new' ? <NewSurvey choice={place.choice} /> : <AskedSurvey key={place.surveyId} surveyId={place.surveyId} />;
}
