import { useEffect } from 'react';
import { useActions, useApp } from '../store/use-app.ts';

/** Keeps what the timeline draws of the memory as new as the memory is. */
export function useTimelineData(): void {
  const { followMemory } = useActions();
  const memoryId = useApp((state) => state.memory?.id);
  const frameCount = useApp((state) => state.memory?.frameCount);
  useEffect(() => { void followMemory(); }, [followMemory, memoryId, frameCount]);
}
