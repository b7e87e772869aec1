export { findMediaTools, type MediaTools, type ToolSource } from './tools.ts';
export { probeVideo, type MediaOptions, type VideoProbe } from './probe.ts';
export type { AudioStream, Chapter, SubtitleStream, VideoStream } from './describe-probe.ts';
export { fingerprintVideo } from './fingerprint.ts';
export { readFrames, type FrameBatch, type FrameReader, type ReadFramesOptions, type ReadReport } from './frames.ts';
export type { ReadMode } from './decode-plan.ts';
export type { Gap } from './gaps.ts';
export { measureDuration } from './duration.ts';
