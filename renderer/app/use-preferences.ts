import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { shownLanguage } from '../i18n/languages.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';

/** Theme and language, as they are chosen. */
export function usePreferences(): void {
  const { shell } = useSurroundings();
  const { i18n } = useTranslation();
  const theme = useApp((state) => state.theme);
  const language = useApp((state) => state.language);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    shell.setTheme(theme);
  }, [theme, shell]);
  useEffect(() => {
    const shown = shownLanguage(language, navigator.languages);
    document.documentElement.lang = shown === 'zh' ? 'zh-Hans' : shown;
    if (i18n.language !== shown) void i18n.changeLanguage(shown);
  }, [language, i18n]);
}
