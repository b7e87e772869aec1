import { useApp } from '../store/use-app.ts';
import { wordsAt } from './cues.ts';
import styles from './player.module.css';

/** What is said, over the picture. */
export function Subtitles() {
  const words = useApp(({ subtitleTrack, subtitleTracks, currentSeconds }) => {
    const track = subtitleTrack === undefined ? undefined : subtitleTracks[subtitleTrack];
    return track === undefined ? '' : wordsAt(track.cues, currentSeconds);
  });
  return words === '' ? null : <p className={styles['subtitles']}><span>{words}</span></p>;
}
