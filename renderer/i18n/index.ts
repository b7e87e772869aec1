import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { languages, type ShownLanguage } from './languages.ts';

// One file an area of the interface, so that an area and its words are changed together.
const files = import.meta.glob<Record<string, unknown>>('./{en,zh}/*.json', { eager: true, import: 'default' });

function wordsOf(language: ShownLanguage): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).flatMap(([path, words]) => {
    const [, folder, area] = /^\.\/(\w+)\/([\w-]+)\.json$/u.exec(path) ?? [];
    return folder === language && area !== undefined ? [[area, words]] : [];
  }));
}

export async function startTranslation(language: ShownLanguage): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: Object.fromEntries(languages.map((each) => [each, { translation: wordsOf(each) }])),
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
}
