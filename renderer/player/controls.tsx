import { Captions, Maximize, Minimize, Pause, PictureInPicture2, Play, Volume1, Volume2, VolumeX } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { formatClock } from '../format/time.ts';
import { playerRates, shownSeconds } from '../store/player-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { ScrubLine } from './scrub-line.tsx';
import { trackName } from './track-name.ts';
import styles from './player.module.css';

/** Under the picture. What cannot be done now stays in its place, greyed, so that nothing moves. */
export function Controls() {
  const { t } = useTranslation();
  const playing = useApp((state) => state.playing);
  const ready = useApp((state) => state.playerStage === 'ready');
  const filled = useApp((state) => state.filled);
  return (
    <div className={styles['controls']} role="group" aria-label={t('player.controls')}>
      <ScrubLine />
      <div className={styles['row']}>
        <ActionButton id="playback.toggle" label={t(playing ? 'player.pause' : 'player.play')} disabled={!ready}>{playing ? <Pause size={18} /> : <Play size={18} />}</ActionButton>
        <Times />
        <span className={styles['space']} />
        <Volume />
        <Rate />
        <SubtitleMenu />
        {document.pictureInPictureEnabled && <ActionButton id="playback.pictureInPicture" disabled={!ready} className={styles['dispensable']}><PictureInPicture2 size={16} /></ActionButton>}
        <ActionButton id="playback.fullscreen" label={t(filled ? 'player.leaveFullscreen' : 'actions.playback.fullscreen')}>{filled ? <Minimize size={16} /> : <Maximize size={16} />}</ActionButton>
      </div>
    </div>
  );
}

function ActionButton({ id, label, disabled = false, className, children }: { readonly id: string; readonly label?: string; readonly disabled?: boolean; readonly className?: string | undefined; readonly children: React.ReactNode }) {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const bindings = useApp((state) => state.bindings);
  const action = actionOf(id);
  return <IconButton label={label ?? t(`actions.${id}`)} keys={keysOf(action, bindings)} disabled={disabled} className={className} onClick={() => { action.perform(surroundings); }}>{children}</IconButton>;
}

function Times() {
  const seconds = useApp((state) => Math.floor(state.currentSeconds));
  const length = useApp((state) => Math.floor(shownSeconds(state)));
  return <span className={styles['times']}><time>{formatClock(seconds)}</time><span aria-hidden="true"> / </span><time>{formatClock(length)}</time></span>;
}

function Volume() {
  const { t } = useTranslation();
  const { setVolume } = useActions();
  const volume = useApp((state) => state.volume);
  const muted = useApp((state) => state.muted);
  const isSilent = useApp((state) => state.video?.file?.audioCodecs.length === 0);
  const shown = muted || isSilent ? 0 : volume;
  const Icon = shown === 0 ? VolumeX : shown < 0.5 ? Volume1 : Volume2;
  return (
    <>
      <ActionButton id="playback.mute" disabled={isSilent} label={isSilent ? t('player.silent') : t(muted ? 'player.unmute' : 'player.mute')}><Icon size={18} /></ActionButton>
      <input
        type="range" className={styles['volume']} min={0} max={1} step={0.05} value={shown} disabled={isSilent} aria-label={t('player.volume')} aria-valuetext={`${Math.round(shown * 100)} %`}
        style={{ '--share': shown } as React.CSSProperties} onChange={(event) => { setVolume(Number(event.currentTarget.value), event.currentTarget.value === '0'); }}
      />
    </>
  );
}

function Rate() {
  const { t, i18n } = useTranslation();
  const { setRate } = useActions();
  const rate = useApp((state) => state.rate);
  const name = (value: number): string => `${new Intl.NumberFormat(i18n.language).format(value)}×`;
  return (
    <Menu entries={playerRates.map((value) => ({ label: name(value), checked: value === rate, perform: () => { setRate(value); } }))}>
      <MenuButton className={styles['rate']} tooltip={t('player.rate')} aria-label={t('player.rateValue', { rate: name(rate) })}>{name(rate)}</MenuButton>
    </Menu>
  );
}

function SubtitleMenu() {
  const { t, i18n } = useTranslation();
  const { showSubtitles } = useActions();
  const tracks = useApp((state) => state.subtitleTracks);
  const shown = useApp((state) => state.subtitleTrack);
  const entries: readonly MenuEntry[] = [
    { label: t('player.noSubtitles'), checked: shown === undefined, perform: () => { showSubtitles(undefined); } },
    ...tracks.map((track, index) => ({ label: trackName(track, index, i18n.language, t), checked: shown === index, perform: () => { showSubtitles(index); } })),
  ];
  const label = t(tracks.length === 0 ? 'player.noSubtitlesHere' : 'player.subtitles');
  return (
    <Menu entries={entries}>
      <MenuButton className={styles['iconMenu']} tooltip={label} aria-label={label} aria-pressed={shown !== undefined} disabled={tracks.length === 0}><Captions size={18} /></MenuButton>
    </Menu>
  );
}

/** What opens a menu. One that is disabled hears no pointer: its tooltip is that of its place. */
function MenuButton({ tooltip, ...others }: ComponentProps<'button'> & { readonly tooltip: string }) {
  return (
    <Tooltip label={tooltip} quiet={others['aria-expanded'] === true}>
      <span className={styles['menuPlace']}><button type="button" {...others} /></span>
    </Tooltip>
  );
}
