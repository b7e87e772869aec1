import { frameAt } from '../geometry/frames.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';
import styles from './frame-picture.module.css';

/** The picture at a moment. Its place is there before it arrives. */
export function FramePicture({ seconds }: { readonly seconds: number }) {
  const { shell } = useSurroundings();
  const resource = useApp(({ frameTimes }) => {
    if (frameTimes === undefined) return undefined;
    const frame = frameAt(frameTimes.ptsSeconds, seconds);
    return frame < 0 ? undefined : `thumbnail/${frameTimes.memoryId}/${frame}`;
  });
  const shape = useApp(({ video }) => (video?.file?.width ?? 16) / (video?.file?.height ?? 9));
  return (
    <span className={styles['place']} style={{ aspectRatio: Math.max(0.75, Math.min(2.4, shape)) }}>
      {resource !== undefined && <img className={styles['picture']} src={shell.mediaAddress(resource)} alt="" draggable={false} decoding="async" />}
    </span>
  );
}
