import { readColour } from '../style/tokens.ts';

const tokens = {
  ink: '--ink', quiet: '--ink-quiet', faint: '--ink-faint', line: '--line', empty: '--sunken', ground: '--surface', accent: '--accent', accentSoft: '--accent-soft', caution: '--caution',
  wave: '--timeline-wave', coverage: '--timeline-coverage', lookedAt: '--timeline-looked-at', citation: '--timeline-citation',
} as const;

/** What the canvas is drawn with: tokens of the theme as it is now. */
export type Colours = { readonly [Name in keyof typeof tokens]: string } & { readonly font: string };

export function readColours(element: HTMLElement): Colours {
  const { fontFamily, fontSize } = getComputedStyle(element);
  const colours = Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, readColour(element, token)])) as { [Name in keyof typeof tokens]: string };
  return { ...colours, font: `${fontSize} ${fontFamily}` };
}
