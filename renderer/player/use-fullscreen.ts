import { useEffect } from 'react';
import { useActions } from '../store/use-app.ts';

/** Tells the state when the page has gone full screen or come back, however that happened. */
export function useFullscreen(): void {
  const { takePlayer } = useActions();
  useEffect(() => {
    const change = (): void => { takePlayer({ filled: document.fullscreenElement !== null }); };
    document.addEventListener('fullscreenchange', change);
    return () => { document.removeEventListener('fullscreenchange', change); };
  }, [takePlayer]);
}
