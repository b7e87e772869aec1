import { Film, Link2Off, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { Controls } from './controls.tsx';
import { Still } from './still.tsx';
import { Subtitles } from './subtitles.tsx';
import { useFullscreen } from './use-fullscreen.ts';
import { Video } from './video.tsx';
import styles from './player.module.css';

/** After this long without the pointer, a film that fills the screen is alone on it. */
const controlsStayMs = 2500;
/** Shorter waits are not worth a sign. */
const loadingShowsMs = 400;

/** The picture, and what is done with it. */
export function Player() {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const filled = useApp((state) => state.filled);
  const playing = useApp((state) => state.playing);
  const videoId = useApp((state) => state.selectedVideoId) ?? '';
  const known = useApp((state) => state.video !== undefined);
  const present = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId)?.present ?? true);
  const stage = useApp((state) => state.playerStage);
  const root = useRef<HTMLElement>(null);
  const [idle, setIdle] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useFullscreen();
  useEffect(() => () => { clearTimeout(timer.current); }, []);
  const stir = (): void => {
    setIdle(false);
    clearTimeout(timer.current);
    if (filled) timer.current = setTimeout(() => { setIdle(true); }, controlsStayMs);
  };
  return (
    <section ref={root} className={styles['player']} aria-label={t('player.label')} data-filled={filled || undefined} data-idle={(filled && idle && playing) || undefined} onPointerMove={stir} onKeyDown={stir}>
      <div className={styles['stage']}>
        {stage !== 'ready' && <Still />}
        {present && known && stage !== 'failed' && <Video address={shell.mediaAddress(`video/${videoId}`)} />}
        {present && stage === 'loading' && <Loading />}
        {present && stage === 'failed' && <CannotPlay />}
        {!present && <Missing videoId={videoId} />}
        <Subtitles />
      </div>
      <Controls />
    </section>
  );
}

function Loading() {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => { setShown(true); }, loadingShowsMs);
    return () => { clearTimeout(timer); };
  }, []);
  return shown ? <div className={styles['loading']} role="status"><LoaderCircle size={18} /><span className="visually-hidden">{t('player.loading')}</span></div> : null;
}

function Missing({ videoId }: { readonly videoId: string }) {
  const { t } = useTranslation();
  const { shell, link } = useSurroundings();
  const { attempt } = useActions();
  const path = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId)?.path);
  const hasMemory = useApp((state) => state.memory !== undefined);
  const relink = async (): Promise<void> => {
    const [found] = await shell.openFiles({ title: t('player.relinkTitle'), kind: 'videos' });
    if (found !== undefined) await attempt(() => link.request('library.relink', { videoId, path: found }));
  };
  return (
    <Notice icon={<Link2Off size={18} />} title={t('player.missing.title')} detail={t(hasMemory ? 'player.missing.withMemory' : 'player.missing.without')} place={path}>
      <Button look="primary" onClick={() => { void relink(); }}>{t('player.missing.relink')}</Button>
    </Notice>
  );
}

function CannotPlay() {
  const { t } = useTranslation();
  const { takePlayer } = useActions();
  const codec = useApp((state) => state.video?.file?.videoCodec);
  return (
    <Notice icon={<Film size={18} />} title={t('player.cannotPlay.title')} detail={t('player.cannotPlay.detail', { codec: codec ?? '?' })}>
      <Button onClick={() => { takePlayer({ playerStage: 'loading' }); }}>{t('player.cannotPlay.again')}</Button>
    </Notice>
  );
}

/** Over the picture: what is the matter, and what to do about it. */
function Notice({ icon, title, detail, place, children }: { readonly icon: ReactNode; readonly title: string; readonly detail: string; readonly place?: string | undefined; readonly children?: ReactNode }) {
  return (
    <div className={styles['notice']} role="status">
      <h2 className={styles['noticeTitle']}>{icon}{title}</h2>
      <p>{detail}</p>
      {place !== undefined && <p className={styles['noticePlace']}>{place}</p>}
      <div className={styles['noticeActions']}>{children}</div>
    </div>
  );
}
