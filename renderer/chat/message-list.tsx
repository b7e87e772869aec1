import { useCallback, useEffect, useRef, useState } from 'react';
import { measureElement, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { IconButton } from '../components/icon-button.tsx';
import { isUnfinished } from '../store/conversation-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
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
  const shape = useRef({ width: 0, height: 0, offset: 0, isAway: false });
  const [marked, setMarked] = useState<string>();

  // The list asks for all that was never shown after every change of a height.
  const { store } = useSurroundings();
  const conversationWidth = useRef(store.getState().conversationWidth);
  const estimates = useRef(new WeakMap<MessageEntry, number>());
  const getItemKey = useCallback((index: number) => messages[index]?.id ?? index, [messages]);
  const estimateSize = useCallback((index: number) => {
    const message = messages[index];
    if (message === undefined) return 0;
    const height = estimates.current.get(message) ?? estimateHeight(message, conversationWidth.current);
    estimates.current.set(message, height);
    return height;
  }, [messages]);
  const list = useVirtualizer({
    count: messages.length,
    getScrollElement: () => viewport.current,
    getItemKey,
    estimateSize,
    // Where and how large it is about to be: the first rows are then made in the first drawing, which may be paused, and none of the beginning for nothing.
    initialRect: { width: conversationWidth.current, height: innerHeight },
    initialOffset: () => landing === undefined ? messages.reduce((sum, _, index) => sum + estimateSize(index), 0) : 0,
    // The observer measures all new rows at once, before they are seen; asking each when it is put in lays the page out as often.
    measureElement: (element, entry, instance) => {
      if (entry !== undefined) return measureElement(element, entry, instance);
      const index = instance.indexFromElement(element);
      return instance.itemSizeCache.get(getItemKey(index)) ?? estimateSize(index);
    },
    overscan: 4,
    paddingStart: 16,
    paddingEnd: 24,
    anchorTo: 'end',
    followOnAppend: true,
    // New rows are made after the frame that scrolled, in a task of their own: overscan covers what a turn of the wheel uncovers.
    useFlushSync: false,
    scrollEndThreshold: endPixels,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    // From what the list knows: asking the page would lay it out at every step of a scroll.
    onChange: (instance) => {
      const { width, height } = instance.scrollRect ?? { width: 0, height: 0 };
      const offset = instance.scrollOffset ?? Infinity;
      const pixelsToEnd = instance.getTotalSize() - offset - height;
      const { current: before } = shape;
      // Only who goes back wishes to be elsewhere; another size of the window, or of a message, is no such wish.
      const stays = before.height > 0 && !before.isAway && offset >= before.offset;
      if (stays && pixelsToEnd > 1 && (width !== before.width || height !== before.height)) instance.scrollToEnd();
      shape.current = { width, height, offset, isAway: !stays && pixelsToEnd > endPixels };
      setAway(shape.current.isAway);
    },
  });

  // A conversation opens at its end, or where a search led to.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || messages.length === 0) return;
    opened.current = true;
    if (landing === undefined) list.scrollToEnd();
  }, [list, messages.length, landing]);
  // Who asks wants to see the answer, wherever the list stood.
  const last = messages.at(-1);
  const asked = useApp((state) => state.selectedAnswerId !== undefined && state.selectedAnswerId === last?.id) && isUnfinished(last) ? last?.id : undefined;
  useEffect(() => { if (asked !== undefined) list.scrollToEnd(); }, [list, asked]);
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
                {message.role === 'user' ? <Question message={message} last={index === messages.length - 1} /> : <Answer message={message} last={index === messages.length - 1} />}
              </li>
            );
          })}
        </ol>
      </div>
      {away && <IconButton className={styles['end']} label={t('chat.toEnd')} onClick={() => { list.scrollToEnd(); }}><ArrowDown size={16} /></IconButton>}
    </div>
  );
}
