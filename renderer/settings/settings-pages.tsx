import { useEffect, useRef, type ComponentType, type ReactNode } from 'react';
import { Tabs } from 'radix-ui';
import { Brain, HardDrive, Info, Keyboard, Plug, SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ModelsPage } from '../models/models-page.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { AboutPage } from './about-page.tsx';
import { GeneralPage } from './general-page.tsx';
import { ProgramsPage } from './programs-page.tsx';
import type { SettingsPage } from './settings-dialog.tsx';
import { ShortcutsPage } from './shortcuts-page.tsx';
import { StoragePage } from './storage-page.tsx';
import styles from './settings-pages.module.css';

const pages: readonly { readonly id: SettingsPage; readonly icon: ReactNode; readonly Page: ComponentType }[] = [
  { id: 'general', icon: <SlidersHorizontal size={16} />, Page: GeneralPage },
  { id: 'models', icon: <Brain size={16} />, Page: ModelsPage },
  { id: 'storage', icon: <HardDrive size={16} />, Page: StoragePage },
  { id: 'programs', icon: <Plug size={16} />, Page: ProgramsPage },
  { id: 'shortcuts', icon: <Keyboard size={16} />, Page: ShortcutsPage },
  { id: 'about', icon: <Info size={16} />, Page: AboutPage },
];

/** The list of pages, and the one that is shown. */
export function SettingsPages({ page }: { readonly page: SettingsPage }) {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  const connected = useApp((state) => state.link === 'connected');
  /** What only another version of the page or the engine can help. */
  const refusal = useApp((state) => state.link === 'refused' ? state.linkError?.message : undefined);
  const opening = useApp(({ moving }) => moving?.stage === 'open');
  const list = useRef<HTMLDivElement>(null);
  // The list is what a person came to; the dialog would have taken its own first button.
  useEffect(() => { list.current?.querySelector<HTMLElement>('[data-state=active]')?.focus(); }, []);
  const choose = (value: string): void => {
    const chosen = pages.find(({ id }) => id === value);
    if (chosen !== undefined) showDialog({ kind: 'settings', page: chosen.id });
  };
  return (
    <Tabs.Root className={styles['layout']} orientation="vertical" value={page} onValueChange={choose}>
      <div className={styles['side']}>
        <Tabs.List ref={list} className={styles['pages']} aria-label={t('settings.pages')}>
          {pages.map(({ id, icon }) => <Tabs.Trigger key={id} className={styles['tab']} value={id}>{icon}{t(`settings.page.${id}`)}</Tabs.Trigger>)}
        </Tabs.List>
        {/* Here it moves nothing when it comes and goes. */}
        <div role="status">{!connected && <p className={styles['away']}>{refusal ?? t(opening ? 'app.engine.opening' : 'settings.away')}</p>}</div>
      </div>
      {pages.map(({ id, Page }) => (
        <Tabs.Content key={id} className={styles['page']} value={id}><Page /></Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
