import { useState } from 'react';
import { Ellipsis, ShieldCheck, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu } from '../components/menu.tsx';
import { formatBytes } from '../format/bytes.ts';
import { demoModel, modelId, type InstalledModel } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { ModelCheckLine } from './model-check-line.tsx';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './models.module.css';

/** One installed model: what it takes, where it came from, and what can be done with it. */
export function InstalledModelCard({ model }: { readonly model: InstalledModel }) {
  const { t, i18n: { language } } = useTranslation();
  const { chooseModel, verifyModel, removeModel } = useActions();
  const titleOf = useModelTitle();
  const check = useApp((state) => state.checks[modelId(model)]);
  const [removing, setRemoving] = useState(false);
  const { name, weights, inUse, byteLength, memoryBytes, graphicsMemoryBytes, encoderName, origin } = model;
  const title = titleOf(name);
  const bytes = (value: number): string => formatBytes(value, language);
  const facts = [
    t('models.installed.disk', { size: bytes(byteLength) }), t('models.installed.memory', { size: bytes(memoryBytes) }),
    t('models.installed.graphics', { size: bytes(graphicsMemoryBytes) }), t('models.installed.encoder', { name: encoderName }),
  ];
  return (
    <>
      <div className={styles['line']}>
        <span className={styles['name']}>{title}</span>
        <span className={styles['tag']}>{weights}</span>
        {inUse && <span className={styles['tag']} data-kind="use">{t('models.installed.inUse')}</span>}
        <span className={styles['rest']} />
        {!inUse && <Button aria-label={t('models.installed.useNamed', { name: title, weights })} onClick={() => { void chooseModel(model); }}>{t('models.installed.use')}</Button>}
        <Menu entries={[
          { label: t('models.installed.verify'), icon: <ShieldCheck size={14} />, disabled: check?.state === 'running', perform: () => { void verifyModel(model); } },
          ...(name === demoModel ? [] : [{ label: t('models.installed.remove'), icon: <Trash2 size={14} />, danger: true, perform: () => { setRemoving(true); } }]),
        ]}
        >
          <IconButton small label={t('models.installed.more', { name: title, weights })}><Ellipsis size={14} /></IconButton>
        </Menu>
      </div>
      <p className={styles['facts']}>{facts.join(' · ')}</p>
      {origin !== undefined && (
        <p className={styles['facts']}>
          {t('models.atCommit', { from: origin.repository, commit: origin.commit.slice(0, 12) })} · {origin.licence === null ? t('models.noLicence') : t('models.licence', { licence: origin.licence })}
        </p>
      )}
      {check !== undefined && <ModelCheckLine check={check} name={title} />}
      {removing && (
        <ConfirmDialog title={t('models.installed.removeTitle', { name: title, weights })} yes={t('models.installed.removeYes')} onYes={() => { void removeModel(model); }} onClose={() => { setRemoving(false); }}>
          {t('models.installed.removeText', { size: bytes(byteLength) })}{inUse && ` ${t('models.installed.removeInUse')}`}
        </ConfirmDialog>
      )}
    </>
  );
}
