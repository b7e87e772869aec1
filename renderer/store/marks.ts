import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';

/** A time that an answer names. */
export type Mark = {
  readonly answerId: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** As the answer has it. */
  readonly text: string;
  readonly verified: boolean;
  /** Where it was rounded: what the answer looked at most there. */
  readonly lookedAtSeconds?: number | undefined;
};

/** Where a press on a time leads: to what can be seen there. */
export const landingOf = ({ startSeconds, lookedAtSeconds }: { readonly startSeconds: number; readonly lookedAtSeconds?: number | undefined }): number => lookedAtSeconds ?? startSeconds;

/** Those of the branch that is shown, in the order of the video; the same moment twice in one answer is one mark. */
export function marksOf(messages: readonly MessageEntry[]): Mark[] {
  const seen = new Set<string>();
  return messages.flatMap(({ id, answer }) => (answer?.citations ?? []).flatMap(({ startSeconds, endSeconds, text, verified, lookedAtSeconds }) => {
    const key = `${id} ${startSeconds} ${endSeconds}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ answerId: id, startSeconds, endSeconds, text, verified, lookedAtSeconds }];
  })).sort((one, other) => one.startSeconds - other.startSeconds);
}
