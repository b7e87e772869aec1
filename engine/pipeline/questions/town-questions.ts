import { formatTime } from '../../chat/citations.ts';

/** Figures that may come or not: whether one does has an answer in every film of the town. */
const figures = ['kite', 'rocket', 'cat', 'drum', 'bell', 'balloon', 'duck', 'robot'];
/** Places are asked for at these shares of a film, from the middle on in both directions. */
const shares = [0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875];

/**
 * What any film of Pebble Town has an answer to: two signs, weather and places are in all of them (training/longtake_training/town/story.py),
 * figures may be. What names a figure as if it came, which most of the 22 tasks do, is asked of the sample alone. In
 * English in every interface: the demo model understands no other language, and another model the same.
 */
export function townQuestions(knownSeconds: number, isWhole: boolean): string[] {
  const places = shares.map((share) => Math.floor((share * knownSeconds) / 10) * 10).filter((seconds) => seconds > 0)
    .map((seconds) => `Where are we at ${townTime(seconds)}?`);
  const whole = isWhole ? ['Where does the video begin and end?', 'Where are we at the end?'] : [];
  const [place, ...otherPlaces] = places;
  const existence = figures.map((figure) => `Is there a ${figure}?`);
  return [
    'Summarize the video.', 'What do the signs say?', 'What is the weather like?', ...whole.slice(0, 1), ...(place === undefined ? [] : [place]), ...existence.slice(0, 1),
    'What does the first sign say?', 'Where are we at the beginning?', ...whole.slice(1), ...existence.slice(1, 3), ...otherPlaces.slice(0, 2),
    'What does the second sign say?', ...existence.slice(3), ...otherPlaces.slice(2),
  ].filter((question, index, all) => all.indexOf(question) === index);
}

/** As the demo model has learned to read them: "09:30", "71:20", without hours. */
export function townTime(seconds: number): string {
  const time = formatTime(seconds % 3600);
  return seconds < 3600 ? time.padStart(5, '0') : `${Math.floor(seconds / 60)}${time.slice(-3)}`;
}
