import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import { FolderRow } from './folder-row.tsx';
import { folderOfRow, videosBetween, type RailRow } from './rail-rows.ts';
import { VideoCard } from './video-card.tsx';
import styles from './card-list.module.css';

const pixels: Readonly<Record<RailRow['kind'], number>> = { folder: 36, loose: 32, video: 64 };
const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -Infinity, End: Infinity };
/** What is dragged inside of the rail, so that files dragged over it are told apart. */
const dragType = 'application/x-longtake-videos';

/**
 * Folders and cards, of which only those in sight are drawn. One is in the order of the Tab key; arrows walk among them.
 * Several videos are chosen as in any list: with Ctrl or Shift and a press, with Shift and the arrows, all with Ctrl+A.
 */
export function CardList({ rows }: { readonly rows: readonly RailRow[] }) {
  const { t } = useTranslation();
  const { markVideos, putIntoFolder, selectVideo, toggleFolder } = useActions();
  const scroller = useRef<HTMLDivElement>(null);
  const selectedVideoId = useApp((state) => state.selectedVideoId);
  const marked = useApp((state) => state.markedVideoIds);
  const markedSet = useMemo(() => new Set(marked), [marked]);
  const renamingFolderId = useApp((state) => state.renamingFolderId);
  const [walked, setWalked] = useState<string>();
  /** Where a choice with Shift begins. */
  const anchor = useRef<string>(undefined);
  const [dragged, setDragged] = useState<readonly string[]>([]);
  const [over, setOver] = useState<string | null>();
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, overscan: 4, getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => pixels[rows[index]?.kind ?? 'video'],
  });
  // Rows of another kind are of another height.
  useEffect(() => { virtual.measure(); }, [rows, virtual]);
  const indexOf = (key: string | undefined): number => rows.findIndex((row) => row.key === key);
  const reachable = rows.find(({ kind }) => kind !== 'loose')?.key;
  const tabbable = [walked, selectedVideoId].find((key) => indexOf(key) >= 0) ?? reachable;

  useEffect(() => {
    const index = rows.findIndex(({ key }) => key === renamingFolderId);
    if (renamingFolderId !== undefined && index >= 0) virtual.scrollToIndex(index);
  }, [renamingFolderId, rows, virtual]);

  const focus = (key: string): void => {
    const element = (): HTMLElement | null => scroller.current?.querySelector(`[data-row="${CSS.escape(key)}"]`) ?? null;
    setWalked(key);
    virtual.scrollToIndex(indexOf(key));
    // At once: a second press, before the next frame, goes a step further. Out of sight it is drawn with that frame.
    const drawn = element();
    if (drawn !== null) drawn.focus({ preventScroll: true });
    else requestAnimationFrame(() => { element()?.focus({ preventScroll: true }); });
  };
  const toggleMark = (videoId: string): void => {
    anchor.current = videoId;
    markVideos(markedSet.has(videoId) ? marked.filter((id) => id !== videoId) : [...marked, videoId]);
  };
  const markTo = (key: string): void => { markVideos(videosBetween(rows, anchor.current ?? selectedVideoId ?? key, key)); };

  const press = (event: MouseEvent, videoId: string): void => {
    setWalked(videoId);
    if (event.shiftKey) { markTo(videoId); return; }
    if (event.ctrlKey || event.metaKey) { toggleMark(videoId); return; }
    anchor.current = videoId;
    markVideos([]);
    selectVideo(videoId);
  };

  // The same function at every drawing: cards that stay in sight are not drawn again while others come.
  const latest = useRef(press);
  latest.current = press;
  const onPress = useCallback((event: MouseEvent, videoId: string): void => { latest.current(event, videoId); }, []);

  const walk = (event: KeyboardEvent): void => {
    const key = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    const row = rows[indexOf(key)];
    if (key === undefined || row === undefined || event.altKey) return;
    const takes = (perform: () => void): void => { event.preventDefault(); perform(); };
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'a') takes(() => { markVideos(rows.flatMap((each) => each.kind === 'video' ? [each.video.id] : [])); });
      else if (event.key === ' ' && row.kind === 'video') takes(() => { toggleMark(row.video.id); });
      return;
    }
    if (event.key === 'Escape' && marked.length > 0) { takes(() => { markVideos([]); }); return; }
    if (row.kind === 'folder' && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) { takes(() => { toggleFolder(row.folder.id, event.key === 'ArrowRight'); }); return; }
    if (row.kind === 'video' && event.key === 'ArrowLeft' && row.video.folderId !== null) { takes(() => { focus(row.video.folderId ?? key); }); return; }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    let next = Math.max(0, Math.min(rows.length - 1, indexOf(key) + step));
    // A heading is no place to be.
    if (rows[next]?.kind === 'loose') next = Math.max(0, Math.min(rows.length - 1, next + Math.sign(step)));
    const to = rows[next]?.key;
    if (to === undefined) return;
    if (event.shiftKey) {
      anchor.current ??= key;
      markTo(to);
    } else {
      anchor.current = to;
    }
    focus(to);
  };

  const begin = (event: DragEvent, videoId: string): void => {
    const videoIds = markedSet.has(videoId) ? marked : [videoId];
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData(dragType, videoIds.join());
    setDragged(videoIds);
  };
  const end = (): void => { setDragged([]); setOver(undefined); };

  return (
    <div ref={scroller} className={styles['scroller']} onKeyDown={walk} onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(undefined); }}>
      <ul className={styles['list']} style={{ height: virtual.getTotalSize() }} aria-label={t('library.videos')}>{virtual.getVirtualItems().map(({ index, key, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const folderId = folderOfRow(row);
        return (
          <li
            key={key} className={styles['place']} style={{ transform: `translateY(${start}px)` }} aria-setsize={rows.length} aria-posinset={index + 1}
            data-kind={row.kind} data-inside={row.kind === 'video' && row.video.folderId !== null ? '' : undefined} data-over={dragged.length > 0 && over === folderId ? '' : undefined}
            draggable={row.kind === 'video'}
            onDragStart={(event) => { if (row.kind === 'video') begin(event, row.video.id); }}
            onDragEnd={end}
            onDragOver={(event) => { if (dragged.length > 0) { event.preventDefault(); setOver(folderId); } }}
            onDrop={(event) => {
              if (dragged.length === 0) return;
              event.preventDefault();
              void putIntoFolder(dragged, folderId);
              end();
            }}
          >
            {row.kind === 'video' ? <VideoCard video={row.video} tabbable={row.key === tabbable} marked={markedSet.has(row.video.id)} onPress={onPress} />
              : row.kind === 'folder' ? <FolderRow folder={row.folder} count={row.count} open={row.open} tabbable={row.key === tabbable} />
              : <span className={styles['loose']}>{t('library.folder.loose')}</span>}
          </li>
        );
      })}</ul>
    </div>
  );
}
