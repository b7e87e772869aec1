import type { Turn } from '../../chat/prompt.ts';
import { formatTime } from '../../chat/citations.ts';
import type { MadeChapter, NewChapter } from '../../library/index.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { townTime } from '../questions/town-questions.ts';
import type { TimeRange } from '../repository.ts';
import { paragraphOf, shorten, titleOf } from './clean-text.ts';

/** Asks the model about a part of the video, or about all of it. */
export type Asker = (turns: readonly Turn[], range?: TimeRange) => Promise<string>;

/** Who gives chapters their words. What a model says is untrusted text: titles are one line, and nothing of it is markup. */
export type Teller = {
  tell(chapter: NewChapter, ask: Asker): Promise<{ readonly title: string; readonly text: string }>;
  /** Of all chapters, told. Empty where there is nothing to say. */
  summarize(chapters: readonly MadeChapter[], ask: Asker): Promise<string>;
};

/**
 * The one place that knows what a model can be asked for chapters: a model that is no demonstration gets whole prompts,
 * the demo model the questions that it was taught, about its town, and nothing about other videos.
 */
export function tellerOf({ label }: Pick<ModelSpec, 'label'>, isPebbleTown: boolean): Teller {
  return label === undefined ? modelTeller : isPebbleTown ? townTeller : silentTeller;
}

const question = (content: string): Turn => ({ role: 'user', content });

const captionPrompt = 'Describe what happens in this part of the video in two or three sentences: where it is, who is there, what they do, and what changes.';
const titlePrompt = 'Give this part of the video a title of at most six words. Answer with the title only.';
/** Of all captions together in the prompt of the summary: some 2,000 tokens. */
const captionLetters = 8000;

/** VideoMarathon's way (section 3) with one model for all of it: a chapter from its own part of the memory, the whole from the chapters. */
const modelTeller: Teller = {
  async tell(range, ask) {
    const caption = await ask([question(captionPrompt)], range);
    const title = await ask([question(captionPrompt), { role: 'assistant', content: caption }, question(titlePrompt)], range);
    return { title: titleOf(title), text: paragraphOf(caption) };
  },
  async summarize(chapters, ask) {
    const each = Math.floor(captionLetters / Math.max(1, chapters.length));
    const lines = chapters.map(({ startSeconds, endSeconds, title, text }) => shorten(`${formatTime(startSeconds)}–${formatTime(endSeconds)} ${title ?? ''}: ${text}`, each));
    return paragraphOf(await ask([question(`These are the parts of this video, in order:\n${lines.join('\n')}\nSummarize the whole video in one paragraph: what it is about, what happens, and how it ends.`)]));
  },
};

/** The ten places of its world (training/WORLD.md), however much of the sentence it loses about a clip. */
const placeAnswer = /^(?:The video|At) .*\b(harbour|market|park|school|beach|forest|castle|station|farm|snowfield)\.$/u;
const placesInTitle = 3;

/** Of its town the demo model knows the place of a short clip best, so a chapter is told by the places of its clips. */
const townTeller: Teller = {
  async tell({ endSeconds, clipStartSeconds }, ask) {
    const visits: { readonly place: string; readonly startSeconds: number; seconds: number }[] = [];
    for (const [index, startSeconds] of clipStartSeconds.entries()) {
      const range = { startSeconds, endSeconds: clipStartSeconds[index + 1] ?? endSeconds };
      const place = await placeOf(range, ask);
      const seconds = range.endSeconds - startSeconds;
      const last = visits.at(-1);
      if (last !== undefined && last.place === place) last.seconds += seconds;
      else if (place !== undefined) visits.push({ place, startSeconds, seconds });
    }
    return { title: titleOfPlaces(visits), text: visits.map(({ place, startSeconds }) => `${formatTime(startSeconds)} ${place}`).join(', ') };
  },
  summarize: async (_chapters, ask) => paragraphOf(await ask([question('Summarize the video.')])),
};

/**
 * Where a clip, which is one scene, is. A clip alone is little for a model that was taught whole films, so it is asked twice; where the
 * answers differ, its middle decides between them, and what it does not confirm is not told.
 */
async function placeOf(clip: TimeRange, ask: Asker): Promise<string | undefined> {
  const placeAt = async (where: string): Promise<string | undefined> => placeAnswer.exec(await ask([question(`Where are we at ${where}?`)], clip))?.[1];
  const beginning = await placeAt('the beginning');
  const end = await placeAt('the end');
  if (beginning === undefined || end === undefined || beginning === end) return beginning ?? end;
  const middle = await placeAt(townTime(Math.round((clip.startSeconds + clip.endSeconds) / 20) * 10));
  return middle === beginning || middle === end ? middle : undefined;
}

/** Where a chapter is longest, in the order of its places. */
function titleOfPlaces(visits: readonly { readonly place: string; readonly seconds: number }[]): string {
  const secondsAt = new Map<string, number>();
  for (const { place, seconds } of visits) secondsAt.set(place, (secondsAt.get(place) ?? 0) + seconds);
  const longest = new Set([...secondsAt].sort(([, one], [, other]) => other - one).slice(0, placesInTitle).map(([place]) => place));
  const title = [...secondsAt.keys()].filter((place) => longest.has(place)).join(', ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** The demo model would say nothing true about another video. Where its chapters begin is in the memory all the same. */
const silentTeller: Teller = {
  tell: () => Promise.resolve({ title: '', text: '' }),
  summarize: () => Promise.resolve(''),
};
