import { useEffect } from 'react';
import { useActions } from '../store/use-app.ts';

/**
 * The whole page goes full screen and the player fills it: menus and tooltips are drawn at the end of the page, and
 * would be out of sight if the player's element alone went.
 */
export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
  else await document.exitFullscreen();
}

/** Tells the state when the page has gone full screen or come back, however that happened. */
export function useFullscreen(): void {
  const { takePlayer } = useActions();
  useEffect(() => {
    const change = (): void => { takePlayer({ filled: document.fullscreenElement !== null }); };
    document.addEventListener('fullscreenchange', change);
    return () => { document.removeEventListener('fullscreenchange', change); };
  }, [takePlayer]);
}
