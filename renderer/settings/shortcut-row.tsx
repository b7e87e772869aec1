import { useCallback, useEffect, useRef, useState } from 'react';
import { RotateCcw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey, type Action } from '../actions/action.ts';
import { actions } from '../actions/table.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Keys } from '../components/keys.tsx';
import { describeKeys } from '../format/keys.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { boundKeys, isBindable, isRebound, noKeys, ownerOf } from './rebinding.ts';
import { useEscape, useKeyCapture } from './use-key-capture.ts';
import styles from './shortcut-row.module.css';

/** One action and its keys: press the button, then the new keys. Keys of another action are taken only after asking. */
export function ShortcutRow({ action, recording, onRecord }: { readonly action: Action; readonly recording: boolean; readonly onRecord: (actionId: string | undefined) => void }) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { bind, rebind } = useActions();
  const bindings = useApp((state) => state.bindings);
  const [asked, setAsked] = useState<string>();
  const [refused, setRefused] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  const take = useRef<HTMLButtonElement>(null);
  const keys = keysOf(action, bindings);
  const owner = asked === undefined ? undefined : ownerOf(asked, action.id, actions, bindings);
  const describe = (which: string): string => describeKeys(which, shell.platform === 'darwin');
  const label = t(labelKey(action));

  const stop = useCallback(() => { onRecord(undefined); }, [onRecord]);
  const want = useCallback((wanted: string) => {
    onRecord(undefined);
    setRefused(isBindable(wanted, action) ? undefined : wanted);
    if (!isBindable(wanted, action)) return;
    if (ownerOf(wanted, action.id, actions, bindings) === undefined) bind(action.id, boundKeys(action, wanted));
    else setAsked(wanted);
  }, [action, bind, bindings, onRecord]);
  useKeyCapture(recording, want, stop);
  useEffect(() => { if (asked !== undefined) take.current?.focus(); }, [asked]);
  const end = useCallback(() => {
    setAsked(undefined);
    button.current?.focus();
  }, []);
  useEscape(asked !== undefined, end);
  const takeKeys = (wanted: string, other: Action): void => {
    rebind({ [other.id]: noKeys(other), [action.id]: boundKeys(action, wanted) });
    end();
  };

  return (
    <li className={styles['row']}>
      <span>{label}</span>
      <span className={styles['tools']}>
        {isRebound(action, bindings)
          ? <IconButton small label={t('settings.shortcuts.reset', { action: label })} onClick={() => { if (action.keys === undefined) bind(action.id, undefined); else want(action.keys); button.current?.focus(); }}><RotateCcw size={14} /></IconButton>
          : <span className={styles['place']} />}
        <button
          ref={button} type="button" data-shortcut="" className={styles['keys']} data-recording={recording ? '' : undefined}
          aria-label={recording ? t('settings.shortcuts.recording', { action: label }) : t('settings.shortcuts.change', { action: label, keys: keys === undefined ? t('settings.shortcuts.none') : describe(keys) })}
          onClick={() => { setRefused(undefined); setAsked(undefined); onRecord(recording ? undefined : action.id); }} onBlur={() => { if (recording) stop(); }}
        >
          {recording ? t('settings.shortcuts.press') : keys === undefined ? <span className={styles['none']}>{t('settings.shortcuts.none')}</span> : <Keys keys={keys} />}
        </button>
        {keys === undefined ? <span className={styles['place']} />
          : <IconButton small label={t('settings.shortcuts.clear', { action: label })} onClick={() => { bind(action.id, noKeys(action)); button.current?.focus(); }}><X size={14} /></IconButton>}
      </span>
      {recording && <span className="visually-hidden" role="status">{t('settings.shortcuts.recording', { action: label })}</span>}
      {refused !== undefined && <p className={styles['refused']} role="alert">{t('settings.shortcuts.refused', { keys: describe(refused) })}</p>}
      {asked !== undefined && owner !== undefined && (
        <div className={styles['question']} role="alert">
          <p>{t('settings.shortcuts.taken', { keys: describe(asked), other: t(labelKey(owner)) })}</p>
          <Button ref={take} look="primary" onClick={() => { takeKeys(asked, owner); }}>{t('settings.shortcuts.take')}</Button>
          <Button look="quiet" onClick={end}>{t('settings.shortcuts.leave')}</Button>
        </div>
      )}
    </li>
  );
}
