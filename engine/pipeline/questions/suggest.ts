import type { Library, Video } from '../../library/index.ts';
import { shownChapters } from '../chapters/shown.ts';
import { demoModelName } from '../model-store.ts';
import { isPebbleTown, isSample, sampleQuestions } from '../pebble-town.ts';
import { filmQuestions } from './film-questions.ts';
import type { FilmFacts } from './moments.ts';
import { townQuestions } from './town-questions.ts';
import type { QuestionLanguage } from './wordings.ts';

/**
 * Questions to start from, the first ones first: the sample's own, what any film of its town answers, or what can be asked
 * of any film, without those that were asked of it already. None where only the demo model would answer, which understands the town alone.
 */
export async function suggestQuestions(library: Library, video: Video, { model, language }: { readonly model: string; readonly language: QuestionLanguage }): Promise<string[]> {
  const facts = filmFacts(library, video);
  const asked = new Set(library.messages.questions(video.id).map(alike));
  const questions = await isSample(video.fingerprint) ? sampleQuestions()
    : await isPebbleTown(video) ? townQuestions(facts.knownSeconds, facts.isWhole)
    : model === demoModelName ? []
    : filmQuestions(facts, language).map(({ text }) => text);
  return questions.filter((question) => !asked.has(alike(question)));
}

function alike(question: string): string {
  return question.trim().toLowerCase();
}

function filmFacts(library: Library, video: Video): FilmFacts {
  const { durationSeconds = 0 } = video;
  const memories = library.memories.list(video.id);
  // A frame is a second. Before its encode everything may be asked about: the question waits for it.
  const coveredSeconds = Math.max(0, ...memories.map(({ frameCount }) => frameCount));
  const isWhole = memories.length === 0 || memories.some(({ state }) => state === 'complete');
  const { chapters, summary } = shownChapters(library, video);
  // By halves: times that moved with every second would be others whenever somebody reads them.
  let knownSeconds = durationSeconds;
  while (!isWhole && knownSeconds >= 1 && knownSeconds > coveredSeconds) knownSeconds /= 2;
  return {
    knownSeconds, isWhole,
    chapters, hasSummary: summary !== '', lines: library.cues.list(video.id),
  };
}
