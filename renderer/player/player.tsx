import { useEffect, useRef } from 'react';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import styles from './player.module.css';

/** The picture. */
export function Player() {
  const { shell } = useSurroundings();
  const { registerPlayer, takePlayer } = useActions();
  const videoId = useApp((state) => state.selectedVideoId) ?? '';
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    registerPlayer({
      seek(seconds) { if (element.current !== null) element.current.currentTime = seconds; },
      play() { void element.current?.play(); },
      pause() { element.current?.pause(); },
      setRate(rate) { if (element.current !== null) element.current.playbackRate = rate; },
      setVolume(volume, muted) { if (element.current !== null) Object.assign(element.current, { volume, muted }); },
    });
    return () => { registerPlayer(undefined); };
  }, [registerPlayer]);
  return (
    <div className={styles['stage']}>
      <video ref={element} className={styles['video']} src={shell.mediaAddress(`video/${videoId}`)} controls onTimeUpdate={(event) => { takePlayer({ currentSeconds: event.currentTarget.currentTime }); }} />
    </div>
  );
}
