import { useEffect } from 'react';
import { picturedMemory } from './timeline-slice.ts';
import { useActions, useApp } from './use-app.ts';

/** Keeps what the timeline draws of a video and its memory as new as they are. */
export function useTimelineData(): void {
  const { followMemory, followFile } = useActions();
  const memoryId = useApp((state) => picturedMemory(state)?.id);
  const frameCount = useApp((state) => picturedMemory(state)?.frameCount);
  const video = useApp((state) => state.video);
  const connected = useApp((state) => state.link === 'connected');
  useEffect(() => { void followMemory(); }, [followMemory, memoryId, frameCount]);
  useEffect(() => { if (connected) void followFile(); }, [followFile, video, connected]);
}
