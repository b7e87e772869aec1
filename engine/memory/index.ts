export { replaceDurable } from './durable-files.ts';
export { exportMemory, type ExportOptions } from './export.ts';
export { importMemory, inspectArchive, verifyArchive, type ArchiveContents } from './import.ts';
export { lockMemory } from './lock.ts';
export {
  framesPerChunk, manifestFile, memoryFormatVersion, storedByteLength, type MemoryGap, type MemoryHeader, type MemoryManifest,
} from './manifest.ts';
export { openMemory, type Memory, type OpenMemoryOptions } from './memory.ts';
export type { FrameFeatures } from './pending-frames.ts';
export { removeMemory, sweepMemories } from './remove.ts';
export type { MemorySubtitleTrack } from './subtitles.ts';
export { MemoryWriter, type MemoryEnd } from './writer.ts';
