import type { VideoCard } from '../../engine/protocol/methods-library.ts';

/** Videos that are in memory, but not as a model with this encoder could use them. */
export function videosOfOtherEncoders(videos: readonly VideoCard[], encoderName: string): readonly VideoCard[] {
  return videos.filter(({ memories }) => memories.length > 0 && !memories.some((memory) => memory.encoderName === encoderName));
}
