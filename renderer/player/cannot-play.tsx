import { Film } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatShare } from '../format/bytes.ts';
import { formatLeft } from '../format/time.ts';
import type { Work } from '../store/dialog-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { PlayerNotice } from './player-notice.tsx';
import styles from './player.module.css';

/** A file that this page does not show: why, and the offer of a copy that it does. */
export function CannotPlay({ videoId }: { readonly videoId: string }) {
  const { t } = useTranslation();
  const { takePlayer, makeProxy } = useActions();
  const file = useApp((state) => state.video?.file);
  const work = useApp((state) => state.works.find((one) => one.kind === 'proxy' && one.videoId === videoId));
  const known = file?.playable === 'needs-proxy';
  const making = work !== undefined;
  const format = file === undefined || file === null ? '' : [file.container.split(',')[0], file.videoCodec, ...file.audioCodecs].join(', ');
  return (
    <PlayerNotice
      icon={<Film size={18} />} title={t(making ? 'player.proxy.making' : 'player.cannotPlay.title')}
      detail={making ? t('player.proxy.makingDetail') : t(known ? 'player.proxy.detail' : 'player.cannotPlay.detail', { format })}
    >
      {making && <Progress work={work} />}
      {/* One button for both, so that the keyboard stays where it is. */}
      <Button look={making ? 'plain' : 'primary'} onClick={() => { if (making) work.stop(); else void makeProxy(videoId); }}>{t(making ? 'player.proxy.stop' : 'player.proxy.make')}</Button>
      {!making && !known && <Button onClick={() => { takePlayer({ playerStage: 'loading' }); }}>{t('player.cannotPlay.again')}</Button>}
    </PlayerNotice>
  );
}

function Progress({ work: { progress } }: { readonly work: Work }) {
  const { t, i18n: { language } } = useTranslation();
  const share = progress?.total === undefined || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total);
  return (
    <div className={styles['making']}>
      <ProgressBar share={share} label={t('player.proxy.making')} />
      <p className={styles['figures']}>
        <span>{share === undefined ? '' : formatShare(share, language)}</span>
        <span>{progress?.etaSeconds === undefined ? '' : t('library.left', { time: formatLeft(progress.etaSeconds, language) })}</span>
      </p>
    </div>
  );
}
