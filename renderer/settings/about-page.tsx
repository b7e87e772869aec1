import { useState } from 'react';
import { Copy, FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Section } from '../components/section.tsx';
import { useActions, useSurroundings } from '../store/use-app.ts';
import { useEngineInfo } from '../store/use-engine-info.ts';
import { diagnosticsText } from './diagnostics-text.ts';
import styles from './about-page.module.css';

/** What this is, where its data lies, and what a report of a problem needs. */
export function AboutPage() {
  const { t } = useTranslation();
  const { shell, link } = useSurroundings();
  const { attempt, notify } = useActions();
  const info = useEngineInfo();
  const [text, setText] = useState<string>();
  const [reading, setReading] = useState(false);
  const read = async (): Promise<void> => {
    setReading(true);
    await attempt(async () => {
      const diagnostics = diagnosticsText(await link.request('app.diagnostics', {}));
      setText(diagnostics);
      await shell.copyText(diagnostics);
      notify({ kind: 'done', textKey: 'settings.about.copied' });
    });
    setReading(false);
  };
  const home = info?.home;
  return (
    <>
      <div className={styles['about']}>
        <h3 className={styles['name']}>Longtake <span className="numbers">{info?.version}</span></h3>
        <p>{t('settings.about.what')}</p>
        <p className={styles['quiet']}>{t('settings.about.licence')}</p>
      </div>
      <Section title={t('settings.about.data')} hint={t('settings.about.dataHint')}>
        <div className={styles['line']}>
          <span className={styles['path']}>{home}</span>
          {home !== undefined && shell.kind === 'electron' && <Button icon={<FolderOpen size={16} />} onClick={() => { void attempt(() => shell.showInFolder(home)); }}>{t('library.showInFolder')}</Button>}
        </div>
      </Section>
      <Section
        title={t('settings.about.diagnostics')} hint={t('settings.about.diagnosticsHint')}
        aside={<Button icon={<Copy size={16} />} disabled={reading} onClick={() => { void read(); }}>{t(reading ? 'settings.about.reading' : 'settings.about.copy')}</Button>}
      >
        {text !== undefined && <pre className={styles['text']} role="group" tabIndex={0} aria-label={t('settings.about.diagnostics')}>{text}</pre>}
      </Section>
    </>
  );
}
