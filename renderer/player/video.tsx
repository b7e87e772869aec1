import { useEffect, useRef } from 'react';
import { useActions, useSurroundings } from '../store/use-app.ts';
import styles from './player.module.css';

/** The element that plays. It says what happens in it to the state, and does what the state's functions tell it. */
export function Video({ address }: { readonly address: string }) {
  const { store } = useSurroundings();
  const { registerPlayer, takePlayer, togglePlaying } = useActions();
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    registerPlayer({
      seek(seconds) { if (video.readyState >= HTMLMediaElement.HAVE_METADATA) video.currentTime = seconds; },
      play() { video.play().catch(() => undefined); }, // why it does not play is the element's `error` event
      pause() { video.pause(); },
      setRate(rate) { video.playbackRate = rate; },
      setVolume(volume, muted) { Object.assign(video, { volume, muted }); },
      now: () => video.currentTime,
      async togglePictureInPicture() {
        if (document.pictureInPictureElement === null) await video.requestPictureInPicture();
        else await document.exitPictureInPicture();
      },
    });
    takePlayer({ playerStage: 'loading' });
    return () => { registerPlayer(undefined); };
  }, [registerPlayer, takePlayer, address]);

  const begin = (video: HTMLVideoElement): void => {
    const { currentSeconds, rate, volume, muted } = store.getState();
    Object.assign(video, { playbackRate: rate, volume, muted });
    // Where a citation was clicked, or another file of the same video stood.
    if (currentSeconds > 0) video.currentTime = Math.min(currentSeconds, video.duration);
    takePlayer(Number.isFinite(video.duration) ? { playerSeconds: video.duration } : {});
  };
  return (
    <video
      ref={element} className={styles['video']} src={address} preload="auto" playsInline tabIndex={-1}
      onLoadedMetadata={(event) => { begin(event.currentTarget); }}
      onLoadedData={() => { takePlayer({ playerStage: 'ready' }); }}
      onDurationChange={(event) => { if (Number.isFinite(event.currentTarget.duration)) takePlayer({ playerSeconds: event.currentTarget.duration }); }}
      onTimeUpdate={(event) => { if (!event.currentTarget.seeking) takePlayer({ currentSeconds: event.currentTarget.currentTime }); }}
      onPlay={() => { takePlayer({ playing: true }); }}
      onPause={(event) => { takePlayer({ playing: false, currentSeconds: event.currentTarget.currentTime }); }}
      onEnded={() => { takePlayer({ playing: false }); }}
      onError={() => { takePlayer({ playerStage: 'failed', playing: false }); }}
      onClick={togglePlaying}
    />
  );
}
