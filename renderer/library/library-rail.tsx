import { useMemo, useState, type ReactNode } from 'react';
import { MessagesSquare, PanelLeft, Plus, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { TextField } from '../components/text-field.tsx';
import { useApp, useSurroundings } from '../store/use-app.ts';
import { listedVideos } from '../store/video-state.ts';
import { CardList } from './card-list.tsx';
import { Comings } from './comings.tsx';
import { EncodeAnnouncer } from './encode-announcer.tsx';
import { MarkedBar } from './marked-bar.tsx';
import { QueueSection } from './queue-section.tsx';
import { RailFooter } from './rail-footer.tsx';
import { railRows } from './rail-rows.ts';
import styles from './library-rail.module.css';

/** With fewer videos than this, looking is quicker than typing. */
const filteredFrom = 6;

/** The library: every video, what is on its way into it, and what is being encoded. */
export function LibraryRail({ width, menu, divider }: { readonly width: number; /** The application's, at its head. */ readonly menu: ReactNode; readonly divider: ReactNode }) {
  const { t } = useTranslation();
  const videos = useApp((state) => state.videos);
  const usedAtMs = useApp((state) => state.usedAtMs);
  const loaded = useApp((state) => state.loaded);
  const [filter, setFilter] = useState('');
  const folders = useApp((state) => state.folders);
  const closed = useApp((state) => state.closedFolders);
  const rows = useMemo(() => railRows(listedVideos(videos, filter, usedAtMs, folders), { folders, closed, filter }), [videos, filter, usedAtMs, folders, closed]);
  return (
    <nav className={styles['rail']} style={{ width }} aria-label={t('library.label')}>
      <header className={styles['header']}>
        {menu}
        <span className={styles['gap']} />
        {videos.length > 1 && <ActionButton id="conversation.askSeveral"><MessagesSquare size={16} /></ActionButton>}
        <ActionButton id="view.search"><Search size={16} /></ActionButton>
        <ActionButton id="file.open"><Plus size={18} /></ActionButton>
        <ActionButton id="view.toggleRail" label={t('library.hide')}><PanelLeft size={16} /></ActionButton>
      </header>
      {videos.length >= filteredFrom && (
        <TextField
          className={styles['filter']} type="search" label={t('library.filter')} placeholder={t('library.filter')} icon={<Search size={14} />} value={filter} onChange={setFilter}
          onKeyDown={(event) => { if (event.key === 'Escape' && filter !== '') { event.stopPropagation(); setFilter(''); } }}
        />
      )}
      {rows.length > 0 ? <CardList rows={rows} /> : (
        <div className={styles['empty']}>
          {loaded && <p>{t(filter !== '' ? 'library.nothingFound' : 'library.empty')}</p>}
        </div>
      )}
      <MarkedBar />
      <Comings />
      <QueueSection />
      <RailFooter />
      <EncodeAnnouncer />
      {divider}
    </nav>
  );
}

/** A button of the table of actions. */
function ActionButton({ id, label, children }: { readonly id: string; readonly label?: string; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const action = actionOf(id);
  const keys = useApp((state) => keysOf(action, state.bindings));
  return <IconButton label={label ?? t(`actions.${id}`)} keys={keys} onClick={() => { void action.perform(surroundings); }}>{children}</IconButton>;
}
