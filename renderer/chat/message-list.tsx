import { useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { Answer } from './answer.tsx';
import { estimateHeight } from './estimate-height.ts';
import { Question } from './question.tsx';
import styles from './message-list.module.css';

const markMs = 2000;
/** Closer to the end than this, the list follows what is written. */
const endPixels = 48;

/** The branch that is shown. Only what can be seen is in the page; the end is followed unless it was scrolled away from. */
export function MessageList() {
  const { t } = useTranslation();
  const { landed } = useActions();
  const messages = useApp((state) => state.messages);
  const landing = useApp((state) => state.landing);
  const viewport = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const [marked, setMarked] = useState<string>();

  const list = useVirtualizer({
    count: messages.length,
    getScrollElement: () => viewport.current,
    getItemKey: (index) => messages[index]?.id ?? index,
    estimateSize: (index) => estimateHeight(messages[index], viewport.current?.clientWidth ?? 0),
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 24,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPixels,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    onChange: (instance) => { setAway(instance.scrollOffset !== null && !instance.isAtEnd(endPixels)); },
  });

  // A conversation opens at its end, or where a search led to.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || messages.length === 0) return;
    opened.current = true;
    if (landing === undefined) list.scrollToEnd();
  }, [list, messages.length, landing]);
  useEffect(() => {
    if (landing === undefined) return undefined;
    const index = messages.findIndex(({ id }) => id === landing.messageId);
    if (index < 0) return undefined;
    list.scrollToIndex(index, { align: 'center' });
    setMarked(landing.messageId);
    landed();
    return undefined;
  }, [list, landing, messages, landed]);
  useEffect(() => {
    if (marked === undefined) return undefined;
    const timer = setTimeout(() => { setMarked(undefined); }, markMs);
    return () => { clearTimeout(timer); };
  }, [marked]);

  return (
    <div className={styles['place']}>
      <div ref={viewport} className={styles['viewport']} tabIndex={0} role="region" aria-label={t('chat.messages')}>
        <ol ref={list.containerRef} className={styles['list']}>
          {list.getVirtualItems().map(({ key, index }) => {
            const message = messages[index];
            if (message === undefined) return null;
            return (
              <li key={key} ref={list.measureElement} data-index={index} className={styles['item']} aria-setsize={messages.length} aria-posinset={index + 1} data-marked={marked === message.id ? '' : undefined}>
                {message.role === 'user' ? <Question message={message} /> : <Answer message={message} last={index === messages.length - 1} />}
              </li>
            );
          })}
        </ol>
      </div>
      {away && <Button className={styles['end']} icon={<ArrowDown size={14} />} onClick={() => { list.scrollToEnd(); }}>{t('chat.toEnd')}</Button>}
    </div>
  );
}
