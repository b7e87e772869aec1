import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { FrameFeatures, MemoryGap, MemoryHeader, MemorySubtitleTrack } from '../../../engine/memory/index.ts';
import { MemoryWriter } from '../../../engine/memory/index.ts';

/** A folder that goes when the test ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'longtake-memory-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}

export const sampleHeader: MemoryHeader = {
  video: { fingerprint: 'v1-1234-abcdef', fileName: 'a town – 小镇 "day".mp4', durationSeconds: 3600.04 },
  encoder: { fingerprint: 'e'.repeat(64), name: 'siglip-tiny', imageSize: 96 },
  features: { tokensPerFrame: 4, channels: 6, dtype: 'F16' },
  mode: 'exact',
};

export const sampleSubtitles: MemorySubtitleTrack[] = [
  { language: 'en', source: 'embedded', cues: [{ startSeconds: 0.5, endSeconds: 2, text: 'Good morning.\nIt rains.' }] },
  { title: 'Kommentar', source: 'sidecar', cues: [] },
];

const gapEvery = 50;
/** Frame times of the sample: ten seconds are missing before every fiftieth frame. */
export function samplePts(frame: number): number {
  return frame * 1.001 + Math.floor(frame / gapEvery) * 10;
}

/** Frames `[from, to)` of the sample video: always the same, whoever asks and in whatever portions. */
export function sampleFrames(from: number, to: number): FrameFeatures {
  const frames = Array.from({ length: to - from }, (_, index) => from + index);
  const { tokensPerFrame, channels } = sampleHeader.features;
  return {
    features: Uint16Array.from(frames.flatMap((frame) =>
      Array.from({ length: tokensPerFrame * channels }, (_, value) => (frame * 7919 + value * 104729) & 0xffff))),
    ptsSeconds: Float64Array.from(frames, samplePts),
    thumbnails: frames.map((frame) => new Uint8Array(20 + (frame * 37) % 90).fill(frame)),
    gaps: sampleGaps(from, to),
  };
}

function sampleGaps(from: number, to: number): MemoryGap[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
    .filter((frame) => frame > 0 && frame % gapEvery === 0)
    .map((frame) => ({ startSeconds: samplePts(frame - 1), endSeconds: samplePts(frame), reason: 'unreadable' }));
}

/** Writes a whole sample memory, in appends of `portion` frames. */
export async function writeSample(directory: string, frameCount: number, portion = 17): Promise<string> {
  const writer = await MemoryWriter.create(directory, sampleHeader);
  for (let frame = 0; frame < frameCount; frame += portion) await writer.append(sampleFrames(frame, Math.min(frameCount, frame + portion)));
  await writer.finish({ durationSeconds: samplePts(frameCount), subtitles: sampleSubtitles });
  return directory;
}

/** sha256 over names and bytes of everything in a folder. */
export function folderHash(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).sort()) hash.update(`${name}\0`).update(readFileSync(path.join(directory, name)));
  return hash.digest('hex');
}
