import { useTranslation } from 'react-i18next';
import { Disclosure } from '../components/disclosure.tsx';
import { Hint, Row, Section } from '../components/section.tsx';
import { Segments } from '../components/segments.tsx';
import { Select } from '../components/select.tsx';
import { Switch } from '../components/switch.tsx';
import { hasMemaug } from '../store/models-slice.ts';
import { isDemonstration } from '../store/settings-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { answerLengths, lengthValue, wordingOf, wordings } from './answer-choices.ts';
import styles from './general-page.module.css';

/** Looks, language, how videos are read, and how answers are written. */
export function GeneralPage() {
  const { t, i18n: { language: shown } } = useTranslation();
  const { setTheme, setLanguage, changeSettings } = useActions();
  const theme = useApp((state) => state.theme);
  const language = useApp((state) => state.language);
  const settings = useApp((state) => state.settings);
  const demonstration = useApp(isDemonstration);
  const memaug = useApp(hasMemaug);
  if (settings === undefined) return null;
  const { decoding, maxNewTokens, sample, spatialForgetting, subtitles, textMask } = settings;
  const tokens = (count: number): string => new Intl.NumberFormat(shown).format(count);
  return (
    <>
      <Section title={t('settings.looks.title')}>
        <div>
          <Row label={t('settings.looks.theme')}>
            <Segments
              label={t('settings.looks.theme')} value={theme} onChange={setTheme}
              segments={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`settings.looks.${value}`) }))}
            />
          </Row>
          <Row label={t('settings.looks.language')}>
            <Select
              label={t('settings.looks.language')} value={language} onChange={setLanguage}
              options={[{ value: 'system', label: t('settings.looks.systemLanguage') }, { value: 'en', label: 'English' }, { value: 'zh', label: '简体中文' }]}
            />
          </Row>
        </div>
      </Section>
      <Section title={t('settings.reading.title')}>
        <div>
          <Row label={t('settings.reading.decoding')} hint={t(`settings.reading.${decoding}Hint`)}>
            <Segments
              label={t('settings.reading.decoding')} value={decoding} onChange={(value) => { void changeSettings({ decoding: value }); }}
              segments={(['exact', 'fast'] as const).map((value) => ({ value, label: t(`settings.reading.${value}`) }))}
            />
          </Row>
        </div>
      </Section>
      <Section title={t('settings.answers.title')}>
        <div>
          <Row label={t('settings.answers.length')} hint={t('settings.answers.lengthHint')}>
            <Select
              label={t('settings.answers.length')} value={lengthValue(maxNewTokens)} onChange={(value) => { void changeSettings({ maxNewTokens: Number(value) }); }}
              options={answerLengths(maxNewTokens).map(({ count, name }) => ({ value: lengthValue(count), label: t(`settings.answers.lengths.${name}`), hint: t('settings.answers.tokens', { tokens: tokens(count) }) }))}
            />
          </Row>
          <Row label={t('settings.answers.subtitles')} hint={t(demonstration ? 'settings.answers.subtitlesDemo' : 'settings.answers.subtitlesHint')}>
            <Switch label={t('settings.answers.subtitles')} checked={subtitles && !demonstration} disabled={demonstration} onChange={(value) => { void changeSettings({ subtitles: value }); }} />
          </Row>
          <Row label={t('settings.answers.wording')} hint={t(`settings.answers.wordings.${wordingOf(sample)}Hint`)}>
            <Select
              label={t('settings.answers.wording')} value={wordingOf(sample)} onChange={(value) => { void changeSettings({ sample: wordings[value] }); }}
              options={(sample === true ? (['model', 'greedy', 'varied'] as const) : (['model', 'greedy'] as const)).map((value) => ({ value, label: t(`settings.answers.wordings.${value}`) }))}
            />
          </Row>
        </div>
      </Section>
      <Disclosure className={styles['advanced']} title={t('settings.advanced.title')}>
        {!memaug && <Hint>{t('settings.advanced.withoutMemaug')}</Hint>}
        <Row label={t('settings.advanced.forgetting')} hint={t('settings.advanced.forgettingHint')}>
          <Select
            label={t('settings.advanced.forgetting')} value={spatialForgetting ?? 'model'} onChange={(value) => { void changeSettings({ spatialForgetting: value === 'model' ? null : value }); }}
            options={(['model', 'uniform', 'random'] as const).map((value) => ({ value, label: t(`settings.advanced.forgettings.${value}`) }))}
          />
        </Row>
        <Row label={t('settings.advanced.mask')} hint={t('settings.advanced.maskHint')}>
          <Select
            label={t('settings.advanced.mask')} value={textMask} onChange={(value) => { void changeSettings({ textMask: value }); }}
            options={(['train', 'all'] as const).map((value) => ({ value, label: t(`settings.advanced.masks.${value}`) }))}
          />
        </Row>
      </Disclosure>
    </>
  );
}
