import { frameAt } from '../geometry/frames.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';
import styles from './player.module.css';

/** The picture in memory at the playhead, where the film itself cannot be shown. */
export function Still() {
  const { shell } = useSurroundings();
  const resource = useApp(({ frameTimes, currentSeconds }) => {
    const frame = frameTimes === undefined ? -1 : frameAt(frameTimes.ptsSeconds, currentSeconds);
    return frameTimes === undefined || frame < 0 ? undefined : `thumbnail/${frameTimes.memoryId}/${frame}`;
  });
  return resource === undefined ? null : <img className={styles['still']} src={shell.mediaAddress(resource)} alt="" draggable={false} />;
}
