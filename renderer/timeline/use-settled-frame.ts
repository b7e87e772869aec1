import { useEffect, useState } from 'react';
import type { TimelineController } from './controller.ts';
import { isSameScene } from './scene-of.ts';
import type { Scene } from './scene.ts';

const settledMs = 120;

/** The scene once it has stopped moving: for elements that React renders, which need not follow every step of a zoom. */
export function useSettledScene(controller: TimelineController): Scene | undefined {
  const [scene, setScene] = useState<Scene>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen: Scene | undefined;
    const end = controller.onFrame((frame) => {
      if (seen !== undefined && isSameScene(seen, frame.scene)) return;
      const first = seen === undefined;
      seen = frame.scene;
      clearTimeout(timer);
      if (first) setScene(seen);
      else timer = setTimeout(() => { setScene(seen); }, settledMs);
    });
    return () => { clearTimeout(timer); end(); };
  }, [controller]);
  return scene;
}
