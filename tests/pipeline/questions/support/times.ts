/** The times of a text, as they are written and in seconds: "7:03", "1:02:03", "67:30". */
export function findTimes(text: string): { readonly written: string; readonly seconds: number }[] {
  return [...text.matchAll(/(?<![\d:])\d+(?::\d\d){1,2}(?![\d:])/gu)].map(([written]) => ({
    written, seconds: written.split(':').reduce((sum, part) => sum * 60 + Number(part), 0),
  }));
}
