import { useRef, useState, type KeyboardEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import type { VideoCard as Video } from '../../engine/protocol/methods-library.ts';
import { useApp } from '../store/use-app.ts';
import { VideoCard } from './video-card.tsx';
import styles from './card-list.module.css';

const cardPixels = 64;
const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -Infinity, End: Infinity };

/** The cards, of which only those in sight are drawn. One is in the order of the Tab key; arrows walk among them. */
export function CardList({ videos }: { readonly videos: readonly Video[] }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const selectedVideoId = useApp((state) => state.selectedVideoId);
  const [walked, setWalked] = useState<string>();
  const virtual = useVirtualizer({ count: videos.length, getScrollElement: () => scroller.current, estimateSize: () => cardPixels, overscan: 4, getItemKey: (index) => videos[index]?.id ?? index });
  const indexOf = (videoId: string | undefined): number => videos.findIndex(({ id }) => id === videoId);
  const tabbable = [walked, selectedVideoId].find((id) => indexOf(id) >= 0) ?? videos[0]?.id;

  const walk = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const card = event.target instanceof HTMLElement ? event.target.dataset['card'] : undefined;
    if (step === undefined || card === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(videos.length - 1, indexOf(card) + step));
    const videoId = videos[next]?.id;
    if (videoId === undefined) return;
    setWalked(videoId);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => { scroller.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(videoId)}"]`)?.focus({ preventScroll: true }); });
  };

  return (
    <div ref={scroller} className={styles['scroller']} onKeyDown={walk}>
      <ul className={styles['list']} style={{ height: virtual.getTotalSize() }} aria-label={t('library.videos')}>{virtual.getVirtualItems().map(({ index, key, start }) => {
        const video = videos[index];
        return video === undefined ? null : (
          <li key={key} className={styles['place']} style={{ transform: `translateY(${start}px)` }} aria-setsize={videos.length} aria-posinset={index + 1}>
            <VideoCard video={video} tabbable={video.id === tabbable} />
          </li>
        );
      })}</ul>
    </div>
  );
}
