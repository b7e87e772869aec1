import { useState, type CSSProperties, type ReactNode } from 'react';
import { Check, Copy, RotateCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { DialogBody, DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { useActions, useSurroundings } from '../store/use-app.ts';
import { Boundary, type Failure } from './boundary.tsx';
import styles from './failed-pane.module.css';

/** A pane of the window: where it fails, its place says so and the rest goes on. `style`: the room that the pane has. */
export function Pane({ style, children }: { readonly style?: CSSProperties; readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Boundary fallback={(failure, again) => (
      <section className={styles['failed']} style={style} role="alert" aria-label={t('app.failed.title')}>
        <Words failure={failure} />
        <div className={styles['buttons']}><Buttons failure={failure} again={again} /></div>
      </section>
    )}
    >
      {children}
    </Boundary>
  );
}

/** The same for a dialog, which can be closed as well. */
export function DialogPane({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { showDialog, fileChosen } = useActions();
  return (
    <Boundary fallback={(failure, again) => (
      <DialogFrame title={t('app.failed.title')} onClose={() => { fileChosen([]); showDialog(undefined); again(); }}>
        <DialogBody><Words failure={failure} bare /></DialogBody>
        <DialogFooter><Buttons failure={failure} again={again} /></DialogFooter>
      </DialogFrame>
    )}
    >
      {children}
    </Boundary>
  );
}

function Words({ failure, bare = false }: { readonly failure: Failure; readonly bare?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {!bare && <h2 className={styles['title']}><TriangleAlert size={16} />{t('app.failed.title')}</h2>}
      <p>{t('app.failed.text')}</p>
      <p className={styles['reason']}>{failure.message}</p>
    </>
  );
}

function Buttons({ failure, again }: { readonly failure: Failure; readonly again: () => void }) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt } = useActions();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await attempt(async () => {
      await shell.copyText(failure.details);
      setCopied(true);
    });
  };
  return (
    <>
      <Button look="quiet" icon={copied ? <Check size={14} /> : <Copy size={14} />} onClick={() => { void copy(); }}>{t(copied ? 'app.failed.copied' : 'app.failed.copy')}</Button>
      <Button icon={<RotateCw size={14} />} onClick={again}>{t('app.failed.again')}</Button>
    </>
  );
}
