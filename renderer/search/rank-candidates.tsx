import type { ReactNode } from 'react';
import type { FinderOption } from './finder.tsx';
import { fuzzyMatch } from './fuzzy.ts';
import { MarkedText } from './marked-text.tsx';

/** Something that can be found by its label. */
export type Candidate = { readonly id: string; readonly label: string; readonly icon?: ReactNode; readonly aside?: ReactNode; readonly perform: () => void };

/** Those that a query fits, the best first, with what fits marked. All of them for an empty one. */
export function rankCandidates(query: string, candidates: readonly Candidate[]): FinderOption[] {
  return candidates
    .flatMap((candidate) => {
      const match = fuzzyMatch(query, candidate.label);
      return match === undefined ? [] : [{ candidate, match }];
    })
    .sort((one, other) => other.match.score - one.match.score)
    .map(({ candidate: { label, ...rest }, match }) => ({ ...rest, content: <MarkedText text={label} places={match.matches} /> }));
}
