import type { VideoCard } from '../../engine/protocol/methods-library.ts';
import { inMemory } from '../store/video-state.ts';

/** Videos that are in memory, but not as a model with this encoder could use them. */
export function videosOfOtherEncoders(videos: readonly VideoCard[], encoder: string): readonly VideoCard[] {
  return videos.filter(({ memories }) => inMemory(memories, encoder) === 'other');
}
