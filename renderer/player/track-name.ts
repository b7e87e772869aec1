import type { TFunction } from 'i18next';
import type { SubtitleTrack } from '../store/timeline-slice.ts';

/** Container files name languages by the three letters of ISO 639-2; `Intl` knows most of those, and both of its forms. */
export function trackName({ title, language, source }: Pick<SubtitleTrack, 'title' | 'language' | 'source'>, index: number, shownLanguage: string, t: TFunction): string {
  const words = [languageName(language, shownLanguage), title].filter((part) => part !== undefined && part !== '');
  if (words.length > 0) return words.join(' · ');
  return t(source === 'sidecar' ? 'player.sidecarTrack' : 'player.track', { number: index + 1 });
}

function languageName(language: string | undefined, shownLanguage: string): string | undefined {
  if (language === undefined || language === '' || language === 'und') return undefined;
  try {
    return new Intl.DisplayNames([shownLanguage], { type: 'language' }).of(language);
  } catch {
    return language;
  }
}
