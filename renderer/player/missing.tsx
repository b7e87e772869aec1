import { Link2Off } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { PlayerNotice } from './player-notice.tsx';

/** The file is not where it was: the frames in memory stay in sight, and the way to find it is offered. */
export function Missing({ videoId }: { readonly videoId: string }) {
  const { t } = useTranslation();
  const { relinkVideo } = useActions();
  const path = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId)?.path);
  const hasMemory = useApp((state) => state.memory !== undefined);
  return (
    <PlayerNotice icon={<Link2Off size={18} />} title={t('player.missing.title')} detail={t(hasMemory ? 'player.missing.withMemory' : 'player.missing.without')} place={path}>
      <Button look="primary" onClick={() => { void relinkVideo(videoId); }}>{t('player.missing.relink')}</Button>
    </PlayerNotice>
  );
}
