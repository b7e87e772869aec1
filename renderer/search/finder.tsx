import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Search } from 'lucide-react';
import { longestQuery } from '../../engine/protocol/limits.ts';
import { DialogFrame } from '../components/dialog.tsx';
import styles from './finder.module.css';

export type FinderOption = {
  readonly id: string;
  readonly icon?: ReactNode;
  readonly content: ReactNode;
  /** Under or beside it, quieter. */
  readonly detail?: ReactNode;
  readonly aside?: ReactNode;
  readonly perform: () => void;
};
export type FinderGroup = { readonly id: string; readonly title: string; readonly options: readonly FinderOption[] };

type FinderProps = {
  readonly title: string;
  readonly placeholder: string;
  readonly query: string;
  readonly groups: readonly FinderGroup[];
  /** What stands in the place of options where there are none. */
  readonly empty: string;
  /** Stands under the options: what is left out. */
  readonly note?: string | undefined;
  /** Said to a screen reader: how many there are. */
  readonly status: string;
  readonly onQuery: (query: string) => void;
  readonly onClose: () => void;
};

const pageOptions = 8;

/** A line to type into over a list that arrow keys walk. What is chosen is done when the dialog has gone. */
export function Finder({ title, placeholder, query, groups, empty, note, status, onQuery, onClose }: FinderProps) {
  const listId = useId();
  const options = groups.flatMap((group) => group.options);
  const [activeId, setActiveId] = useState<string>();
  const active = Math.max(0, options.findIndex(({ id }) => id === activeId));
  const chosen = useRef<FinderOption>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const optionId = (option: FinderOption | undefined): string | undefined => option === undefined ? undefined : `${listId}-${option.id}`;

  const move = (to: number): void => {
    const option = options[(to + options.length) % Math.max(1, options.length)];
    if (option === undefined) return;
    setActiveId(option.id);
    document.getElementById(optionId(option) ?? '')?.scrollIntoView({ block: 'nearest' });
  };
  // The best of a new list stands first.
  useEffect(() => {
    setActiveId(undefined);
    list.current?.scrollTo({ top: 0 });
  }, [query]);
  const choose = (option: FinderOption | undefined): void => {
    if (option === undefined) return;
    chosen.current = option;
    onClose();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => { move(active + 1); },
      ArrowUp: () => { move(active - 1); },
      PageDown: () => { move(Math.min(options.length - 1, active + pageOptions)); },
      PageUp: () => { move(Math.max(0, active - pageOptions)); },
      Enter: () => { choose(options[active]); },
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  return (
    <DialogFrame bare title={title} onClose={onClose} onClosed={() => { chosen.current?.perform(); }}>
      <div className={styles['line']}>
        <Search size={16} className={styles['sign']} aria-hidden="true" />
        <input
          className={styles['input']} value={query} maxLength={longestQuery} placeholder={placeholder} aria-label={placeholder} data-first-focus="" spellCheck={false} autoComplete="off"
          role="combobox" aria-expanded={options.length > 0} aria-controls={listId} aria-autocomplete="list" aria-activedescendant={optionId(options[active])}
          onChange={(event) => { onQuery(event.target.value); }} onKeyDown={press}
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={title} className={styles['list']} tabIndex={-1}>
        {groups.map((group) => group.options.length > 0 && (
          <div key={group.id} role="group" aria-labelledby={`${listId}-group-${group.id}`} className={styles['group']}>
            <div id={`${listId}-group-${group.id}`} className={styles['title']}>{group.title}</div>
            {group.options.map((option) => (
              <div
                key={option.id} id={optionId(option)} role="option" aria-selected={option === options[active]} className={styles['option']}
                onPointerMove={() => { if (option.id !== activeId) setActiveId(option.id); }} onClick={() => { choose(option); }}
              >
                <span className={styles['icon']}>{option.icon}</span>
                <span className={styles['content']}><span className={styles['text']}>{option.content}</span>{option.detail !== undefined && <span className={styles['detail']}>{option.detail}</span>}</span>
                {option.aside}
              </div>
            ))}
          </div>
        ))}
      </div>
      {options.length === 0 && <p className={styles['empty']}>{empty}</p>}
      {options.length > 0 && note !== undefined && <p className={styles['note']}>{note}</p>}
      <p role="status" className="visually-hidden">{status}</p>
    </DialogFrame>
  );
}
