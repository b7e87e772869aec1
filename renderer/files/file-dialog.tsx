import { useState } from 'react';
import { CornerLeftUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { TextField } from '../components/text-field.tsx';
import type { FileRequest } from '../store/file-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { FileList } from './file-list.tsx';
import { Places } from './places.tsx';
import { useFolder } from './use-folder.ts';
import styles from './file-dialog.module.css';

/** Where a browser has no dialog: the files of the machine that Longtake runs on. */
export function FileDialog() {
  const request = useApp((state) => state.fileRequest);
  return request === undefined ? null : <OpenFiles request={request} />;
}

function OpenFiles({ request: { title, kind } }: { readonly request: FileRequest }) {
  const { t } = useTranslation();
  const { fileChosen } = useActions();
  const { folder, problem, go } = useFolder();
  const [typed, setTyped] = useState<string>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const directory = folder?.directory ?? '';
  const enter = (to: string): void => {
    setTyped(undefined);
    setChosen([]);
    void go(to).then((file) => { if (file !== undefined) setChosen([file]); });
  };
  const parent = folder?.parent ?? undefined;
  const up = (): void => { if (parent !== undefined) enter(parent); };
  const toggle = (path: string): void => { setChosen((before) => before.includes(path) ? before.filter((one) => one !== path) : [...before, path]); };
  const taken = kind === 'folder' ? [directory] : chosen;
  const shown = (folder?.entries ?? []).filter((entry) => entry.kind === 'folder' || (kind !== 'folder' && (kind === 'videos' || entry.kind === 'memory')));
  return (
    <DialogFrame width="wide" title={title} onClose={() => { fileChosen([]); }}>
      <div className={styles['columns']}>
        <Places places={folder?.shortcuts ?? []} directory={directory} onGo={enter} />
        <div className={styles['folder']}>
          <form className={styles['line']} onSubmit={(event) => { event.preventDefault(); if (typed !== undefined) enter(typed); }}>
            <IconButton label={t('files.up')} disabled={parent === undefined} onClick={up}><CornerLeftUp size={16} /></IconButton>
            {/* What is typed before the first folder is known would land in the midst of its path. */}
            <TextField className={styles['path']} label={t('files.path')} value={typed ?? directory} readOnly={folder === undefined && problem === undefined} aria-invalid={problem !== undefined} onChange={setTyped} />
          </form>
          {problem !== undefined && <p className={styles['problem']} role="alert">{problem}</p>}
          <FileList
            key={directory} entries={shown} chosen={chosen} loaded={folder !== undefined} left={folder?.left ?? 0} empty={t(kind === 'folder' ? 'files.noFolders' : 'files.empty')}
            onEnter={enter} onToggle={toggle} onTake={(path) => { fileChosen([path]); }} onAll={setChosen} onOpen={(path) => { fileChosen(chosen.length > 0 ? chosen : [path]); }} onUp={up}
          />
        </div>
      </div>
      <DialogFooter>
        <p className={styles['hint']}>{t('files.machine')}</p>
        <Button onClick={() => { fileChosen([]); }}>{t('app.cancel')}</Button>
        <Button look="primary" disabled={taken.length === 0 || folder === undefined} onClick={() => { fileChosen(taken); }}>
          {t(kind === 'folder' ? 'files.chooseFolder' : 'files.open', { count: taken.length })}
        </Button>
      </DialogFooter>
    </DialogFrame>
  );
}
