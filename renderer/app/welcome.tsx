import { ArrowRight, FolderOpen, PanelLeft, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { actionOf } from '../actions/table.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Poster } from '../library/poster.tsx';
import { isDemonstration } from '../store/settings-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { useEngineInfo } from '../store/use-engine-info.ts';
import styles from './welcome.module.css';

/** So many of the sample's questions are offered before it is opened. */
const offeredQuestions = 3;

/** Where no video is open: the sample and what it can be asked, and the way to a video of one's own. */
export function Welcome() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { toggleRail, addSample } = useActions();
  const railCollapsed = useApp((state) => state.railCollapsed);
  const demonstration = useApp(isDemonstration);
  const remembered = useApp((state) => state.videos.some(({ isPebbleTown, memories }) => isPebbleTown && memories.some((memory) => memory.state === 'complete')));
  const info = useEngineInfo();
  const sample = info?.sample;
  // All at once, and in its place: the page would move under the pointer of who is quick.
  const arriving = useApp((state) => state.link === 'connected' && (info === undefined || state.settings === undefined));
  if (arriving) return <main className={styles['welcome']} aria-busy="true" />;
  return (
    <main className={styles['welcome']}>
      {railCollapsed && <span className={styles['corner']}><IconButton label={t('library.show')} onClick={toggleRail}><PanelLeft size={16} /></IconButton></span>}
      <div className={styles['column']}>
        <h1 className={styles['title']}>{t('app.welcome.title')}</h1>
        <p className={styles['text']}>{t('app.welcome.text')}</p>
        {sample !== null && sample !== undefined && (
          <section className={styles['sample']} aria-label={t('app.welcome.sampleTitle')}>
            <button type="button" className={styles['picture']} aria-label={t('app.welcome.sample')} onClick={() => { void addSample(); }}>
              <Poster resource="poster/sample" />
              <span className={styles['play']}><Play size={18} /></span>
            </button>
            <div className={styles['offers']}>
              <h2 className={styles['subtitle']}>{t('app.welcome.sampleTitle')}</h2>
              <p className={styles['hint']}>{t(remembered ? 'app.welcome.sampleReady' : 'app.welcome.sampleText')}</p>
              <ul className={styles['questions']} aria-label={t('app.welcome.questions')}>
                {sample.questions.slice(0, offeredQuestions).map((question) => (
                  <li key={question}>
                    <button type="button" className={styles['question']} onClick={() => { void addSample(question); }}>
                      <span>{question}</span><ArrowRight size={14} />
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          </section>
        )}
        <section className={styles['own']}>
          <Button icon={<FolderOpen size={16} />} onClick={() => { void actionOf('file.open').perform(surroundings); }}>{t('app.welcome.open')}</Button>
          <p className={styles['hint']}>{t(surroundings.shell.kind === 'web' ? 'app.welcome.openTextBrowser' : 'app.welcome.openText')}</p>
        </section>
        {demonstration && <p className={styles['model']}>{t('app.welcome.model')}</p>}
      </div>
    </main>
  );
}
