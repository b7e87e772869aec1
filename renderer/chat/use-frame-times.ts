import { useEffect, useState } from 'react';
import type { EngineLink } from '../shell/engine-link.ts';
import { frameAt } from '../timeline/frames.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';

/** Times of a memory's frames, asked for once while it stays as long as it is. */
const known = new WeakMap<EngineLink, { readonly key: string; readonly ptsSeconds: Promise<readonly number[]> }>();

function framesOf(link: EngineLink, memoryId: string, frameCount: number): Promise<readonly number[]> {
  const key = `${memoryId} ${frameCount}`;
  const found = known.get(link);
  if (found?.key === key) return found.ptsSeconds;
  const ptsSeconds = link.request('memory.frames', { memoryId }).then((frames) => frames.ptsSeconds, () => []);
  known.set(link, { key, ptsSeconds });
  return ptsSeconds;
}

/** Address of the picture at a moment of the selected video; undefined until it is known, and where there is none. */
export function useFrameAddress(seconds: number): string | undefined {
  const { link, shell } = useSurroundings();
  const memoryId = useApp((state) => state.memory?.id);
  const frameCount = useApp((state) => state.memory?.frameCount ?? 0);
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (memoryId === undefined) { setAddress(undefined); return undefined; }
    let current = true;
    void framesOf(link, memoryId, frameCount).then((ptsSeconds) => {
      const frame = frameAt(ptsSeconds, seconds);
      if (current) setAddress(frame < 0 ? undefined : shell.mediaAddress(`thumbnail/${memoryId}/${frame}`));
    });
    return () => { current = false; };
  }, [link, shell, memoryId, frameCount, seconds]);
  return address;
}
