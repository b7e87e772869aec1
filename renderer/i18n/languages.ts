export const languages = ['en', 'zh'] as const;
export type ShownLanguage = (typeof languages)[number];
/** What can be chosen. */
export type Language = 'system' | ShownLanguage;

/** The language to show: the one that was chosen, or the first of the system's that there is. */
export function shownLanguage(chosen: Language, systemLanguages: readonly string[]): ShownLanguage {
  if (chosen !== 'system') return chosen;
  for (const tag of systemLanguages) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
