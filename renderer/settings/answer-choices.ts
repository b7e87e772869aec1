/** How long answers may become, in tokens. */
const offered = [{ name: 'short', count: 96 }, { name: 'normal', count: 256 }, { name: 'long', count: 768 }, { name: 'longest', count: 4096 }] as const;

export type AnswerLength = { readonly name: (typeof offered)[number]['name'] | 'other'; readonly count: number };

/** What is offered, and what is set where that is something else. */
export function answerLengths(current: number): readonly AnswerLength[] {
  const others: readonly AnswerLength[] = offered.some(({ count }) => count === current) ? [] : [{ name: 'other', count: current }];
  return [...offered, ...others].sort((one, other) => one.count - other.count);
}

/** A select's values are text. */
export const lengthValue = (count: number): `${number}` => `${count}`;

/** How the next word is chosen, as the settings say it: null is the model's own way. */
export const wordings = { model: null, greedy: false, varied: true } as const;

export function wordingOf(sample: boolean | null): keyof typeof wordings {
  return sample === null ? 'model' : sample ? 'varied' : 'greedy';
}
