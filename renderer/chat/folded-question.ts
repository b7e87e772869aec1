const mostLetters = 1200;
const mostLines = 16;

/** The beginning of a question that is too long to be shown whole at once; undefined for one that is not. */
export function foldedQuestion(text: string): string | undefined {
  const lines = text.split('\n');
  const short = lines.slice(0, mostLines).join('\n').slice(0, mostLetters);
  // Folded for a word or two, it would only be in the way.
  return text.length - short.length < mostLetters / 10 ? undefined : `${short.trimEnd()} …`;
}
