import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/**
 * Radix gives Escape to the uppermost of its layers (dialogs, menus, popovers), and each learns whether that is itself from
 * a rendering that React does when there is time. On a busy machine a key that is pressed until then closes what lies
 * below, or nothing. With this in the tree that rendering is done at once.
 */
export function PromptLayers() {
  const [, render] = useState({});
  useEffect(() => {
    let waiting = false;
    // All updates that wait are rendered with the one that does not, and its effects run before flushSync returns.
    const hurry = (): void => {
      waiting = false;
      flushSync(() => { render({}); });
    };
    const change = (): void => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(hurry); // every layer has asked for its rendering by then
    };
    document.addEventListener('dismissableLayer.update', change);
    return () => { document.removeEventListener('dismissableLayer.update', change); };
  }, []);
  return null;
}
