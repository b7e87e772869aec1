import { useState } from 'react';
import { Film } from 'lucide-react';
import { useSurroundings } from '../store/use-app.ts';
import styles from './poster.module.css';

/** The picture of a video, in a place that is there before it. `resource`: of the media paths. */
export function Poster({ resource }: { readonly resource: string }) {
  const { shell } = useSurroundings();
  const [failed, setFailed] = useState(false);
  return (
    <span className={styles['place']}>
      {failed ? <Film size={16} /> : <img className={styles['picture']} src={shell.mediaAddress(resource)} alt="" loading="lazy" decoding="async" draggable={false} onError={() => { setFailed(true); }} />}
    </span>
  );
}
