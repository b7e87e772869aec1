export { openMemory, type Memory, type OpenMemoryOptions } from './memory.ts';
export { MemoryWriter, type MemoryEnd } from './writer.ts';
export type { FrameFeatures } from './pending-frames.ts';
export {
  framesPerChunk, memoryFormatVersion, type MemoryGap, type MemoryHeader, type MemoryManifest,
} from './manifest.ts';
export type { MemorySubtitleTrack } from './subtitles.ts';
