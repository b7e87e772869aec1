import { Tabs } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './tab-bar.module.css';

/** In a narrow window: video or conversation. */
export function TabBar() {
  const { t } = useTranslation();
  const { showTab } = useActions();
  const tab = useApp((state) => state.tab);
  return (
    <Tabs.Root value={tab} onValueChange={(value) => { showTab(value === 'conversation' ? 'conversation' : 'video'); }}>
      <Tabs.List className={styles['tabs']} aria-label={t('app.tabs.label')}>
        {/* What they show is not theirs: an id that nothing has would be a promise that is not kept. */}
        <Tabs.Trigger className={styles['tab']} value="video" aria-controls={undefined}>{t('app.tabs.video')}</Tabs.Trigger>
        <Tabs.Trigger className={styles['tab']} value="conversation" aria-controls={undefined}>{t('app.tabs.conversation')}</Tabs.Trigger>
      </Tabs.List>
    </Tabs.Root>
  );
}
