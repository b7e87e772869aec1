import { useEffect, useState } from 'react';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { IconButton } from '../components/icon-button.tsx';
import { Row, Section } from '../components/section.tsx';
import { Switch } from '../components/switch.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import styles from './programs-page.module.css';

type Door = MethodResult<'programs.get'>;

/** The door for other programs: of a desktop app a switch with address and key, of a web host where it is. */
export function ProgramsPage() {
  const { t } = useTranslation();
  const { link } = useSurroundings();
  const { attempt } = useActions();
  const connected = useApp((state) => state.link === 'connected');
  const [door, setDoor] = useState<Door>();
  const [changing, setChanging] = useState(false);
  useEffect(() => {
    if (connected) void attempt(async () => { setDoor(await link.request('programs.get', {})); });
  }, [link, connected, attempt]);
  if (door === undefined) return null;
  const turn = async (on: boolean): Promise<void> => {
    setChanging(true);
    await attempt(async () => { setDoor(await link.request('programs.set', { on })); });
    setChanging(false);
  };
  const { api, mcp, key } = door.offered ? door : { api: `${location.origin}/v1`, mcp: `${location.origin}/mcp` };
  return (
    <Section title={t('settings.programs.title')} hint={t('settings.programs.hint')}>
      <div className={styles['rows']}>
        {door.offered && (
          <Row label={t('settings.programs.answer')} hint={t('settings.programs.answerHint')}>
            <Switch label={t('settings.programs.answer')} checked={door.on} disabled={changing} onChange={(on) => { void turn(on); }} />
          </Row>
        )}
        {door.error !== undefined && <p className={styles['error']} role="alert">{door.error.message}</p>}
        {api !== undefined && <Copied label={t('settings.programs.api')} hint={t('settings.programs.apiHint')} text={api} />}
        {mcp !== undefined && <Copied label={t('settings.programs.mcp')} hint={t('settings.programs.mcpHint')} text={mcp} />}
        {key !== undefined && <Copied label={t('settings.programs.key')} hint={t('settings.programs.keyHint')} text={key} secret />}
        {!door.offered && <Row label={t('settings.programs.key')} hint={t('settings.programs.keyOfHost')}><span /></Row>}
      </div>
    </Section>
  );
}

/** What goes into another program's settings. A secret is copied without being shown: screens are shared. */
function Copied({ label, hint, text, secret = false }: { readonly label: string; readonly hint: string; readonly text: string; readonly secret?: boolean }) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt, notify } = useActions();
  const copy = async (): Promise<void> => {
    await shell.copyText(text);
    notify({ kind: 'done', textKey: 'settings.programs.copied' });
  };
  return (
    <Row label={label} hint={hint}>
      <span className={styles['copied']}>
        <code className={styles['text']}>{secret ? '••••••••••••' : text}</code>
        <IconButton label={t('settings.programs.copy', { what: label })} onClick={() => { void attempt(copy); }}><Copy size={16} /></IconButton>
      </span>
    </Row>
  );
}
