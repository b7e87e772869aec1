import type { ReactNode } from 'react';
import styles from './player.module.css';

/** Over the picture: what is the matter, and what to do about it. */
export function PlayerNotice({ icon, title, detail, place, children }: { readonly icon: ReactNode; readonly title: string; readonly detail: string; readonly place?: string | undefined; readonly children?: ReactNode }) {
  return (
    <div className={styles['notice']} role="status">
      <h2 className={styles['noticeTitle']}>{icon}{title}</h2>
      <p>{detail}</p>
      {place !== undefined && <p className={styles['noticePlace']}>{place}</p>}
      <div className={styles['noticeActions']}>{children}</div>
    </div>
  );
}
