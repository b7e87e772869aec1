export const languages = ['en', 'zh'] as const;
export type ShownLanguage = (typeof languages)[number];
/** What can be chosen. */
export type Language = 'system' | ShownLanguage;

/** The language to show: the one that was chosen, or the first of the system's that there is. */
export function shownLanguage(chosen: Language, systemLanguages: readonly string[]): ShownLanguage {
  if (chosen !== 'system') return chosen;
  for (const tag of systemLanguages) {
    const found = languages.find((language) => isOf(tag, language));
    if (found !== undefined) return found;
  }
  return 'en';
}

/**
 * The tag for dates in a language of the interface: the system's, where it has one of that language, so that whoever has "en-GB" reads
 * "28 Nov 2026" and not "Nov 28, 2026". Words and units go with the interface's own.
 */
export function dateLocale(shown: string, systemLanguages: readonly string[]): string {
  return systemLanguages.find((tag) => isOf(tag, shown)) ?? shown;
}

function isOf(tag: string, language: string): boolean {
  return tag.toLowerCase().split('-')[0] === language;
}
