import type { Tokenizer } from './tokenizer.ts';

/** A line of subtitles, on screen during `[startSeconds, endSeconds)`. */
export type Cue = { readonly startSeconds: number; readonly endSeconds: number; readonly text: string };

/** Subtitles as they stand in a prompt. */
export type ListedSubtitles = {
  readonly text: string;
  /** How many of the `of` lines that the model's frames show are in it. */
  readonly lines: number;
  readonly of: number;
};

/** What opens the list in Video-MME's condition "with subtitles". */
const heading = 'This video\'s subtitles are listed below:\n';

/**
 * The lines that are on screen in any of the frames, each once, in the order of their time: as Video-MME's condition "with
 * subtitles" gives them to a model. Where they take more than `mostTokens`, those of every second frame, of every fourth,
 * and so on, down to none: a line is never cut.
 *
 * @param framePtsSeconds [frames] ascending.
 */
export function listSubtitles(cues: readonly Cue[], framePtsSeconds: ArrayLike<number>, mostTokens: number, tokenizer: Tokenizer): ListedSubtitles {
  const spoken = cues.filter(({ text }) => text.trim() !== '').toSorted((left, right) => left.startSeconds - right.startSeconds);
  const shownAt = (step: number): Cue[] => shownCues(spoken, framePtsSeconds, step);
  const all = shownAt(1);
  for (let step = 1, some = all; some.length > 0 && step < 2 * framePtsSeconds.length; step *= 2, some = shownAt(step)) {
    const text = `${heading}${some.map((cue) => oneLine(cue.text)).join('\n')}\n`;
    if (tokenizer.encodePlain(text).length <= mostTokens) return { text, lines: some.length, of: all.length };
  }
  return { text: '', lines: 0, of: all.length };
}

/** Those of the cues that every `step`th frame shows. */
function shownCues(cues: readonly Cue[], framePtsSeconds: ArrayLike<number>, step: number): Cue[] {
  const moments = Array.from({ length: Math.ceil(framePtsSeconds.length / step) }, (_, index) => framePtsSeconds[index * step] as number);
  return cues.filter(({ startSeconds, endSeconds }) => {
    const first = moments[firstAtOrAfter(moments, startSeconds)];
    return first !== undefined && first < endSeconds;
  });
}

/** Index of the first that is not before; the length where all are. */
function firstAtOrAfter(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/gu, ' ');
}
