import { LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { menuEntries } from '../actions/menu-entries.ts';
import { pictureMenu } from '../actions/menu-layout.ts';
import { ContextMenu } from '../components/menu.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { CannotPlay } from './cannot-play.tsx';
import { Controls } from './controls.tsx';
import { Missing } from './missing.tsx';
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
  const surroundings = useSurroundings();
  const { shell, store } = surroundings;
  const { takePlayer } = useActions();
  const filled = useApp((state) => state.filled);
  const playing = useApp((state) => state.playing);
  const videoId = useApp((state) => state.selectedVideoId) ?? '';
  const known = useApp((state) => state.video !== undefined);
  const present = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId)?.present ?? true);
  const playable = useApp((state) => state.video?.file?.playable);
  const stage = useApp((state) => state.playerStage);
  const canTry = present && known && playable !== 'needs-proxy';
  const root = useRef<HTMLElement>(null);
  const [idle, setIdle] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const address = shell.mediaAddress(`${playable === 'proxy' ? 'proxy' : 'video'}/${videoId}`);
  useFullscreen();
  // Another file is another try: a copy that was made, or one that was found again.
  useEffect(() => { if (store.getState().playerStage === 'failed') takePlayer({ playerStage: 'unknown' }); }, [store, takePlayer, address, present]);
  useEffect(() => () => { clearTimeout(timer.current); }, []);
  const stir = (): void => {
    setIdle(false);
    clearTimeout(timer.current);
    if (filled) timer.current = setTimeout(() => { setIdle(true); }, controlsStayMs);
  };
  return (
    <section ref={root} className={styles['player']} aria-label={t('player.label')} data-filled={filled || undefined} data-idle={(filled && idle && playing) || undefined} onPointerMove={stir} onKeyDown={stir}>
      <ContextMenu entries={() => menuEntries(pictureMenu, t, surroundings)}>
        <div className={styles['stage']}>
          {stage !== 'ready' && <Still />}
          {canTry && stage !== 'failed' && <Video address={address} />}
          {canTry && stage === 'loading' && <Loading />}
          {present && known && (playable === 'needs-proxy' || stage === 'failed') && <CannotPlay videoId={videoId} />}
          {!present && <Missing videoId={videoId} />}
          <Subtitles />
        </div>
      </ContextMenu>
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
