import { useApp } from '../store/use-app.ts';
import { useFrameAddress } from './use-frame-times.ts';
import styles from './frame-picture.module.css';

/** The picture at a moment. Its place is there before it arrives. */
export function FramePicture({ seconds }: { readonly seconds: number }) {
  const address = useFrameAddress(seconds);
  const shape = useApp(({ video }) => video?.file == null ? 16 / 9 : video.file.width / video.file.height);
  return (
    <span className={styles['place']} style={{ aspectRatio: Math.max(0.75, Math.min(2.4, shape)) }}>
      {address !== undefined && <img className={styles['picture']} src={address} alt="" draggable={false} decoding="async" />}
    </span>
  );
}
