import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { syncDirectory } from './durable-files.ts';
import { onFile } from './file-errors.ts';
import { featuresFile, listFiles, manifestFile, type MemoryGap, type MemoryHeader, type MemoryManifest } from './manifest.ts';
import { readPts } from './read-chunk.ts';
import { checkHashes, checkSizes, readManifest } from './verify.ts';

/** Exactly what a writer creates: anything else that lies in the folder is not ours to remove. */
const ownFile = /^(?:(?:features|thumbnails)-\d{6,}\.safetensors|subtitles\.json|manifest\.json\.partial)$/u;

/** What a killed writer left, verified and cleared of what its manifest does not list. */
export async function recoverMemory(
  directory: string, expected: MemoryHeader | undefined,
): Promise<{ readonly manifest: MemoryManifest; readonly lastPtsSeconds: number }> {
  const manifest = await readManifest(directory);
  if (expected !== undefined) checkHeader(directory, manifest, expected);
  if (manifest.complete) {
    throw new LongtakeError('bad-argument', `The memory ${directory} is complete: there is nothing to continue.`, { directory });
  }
  await checkSizes(directory, manifest);
  await checkHashes(directory, manifest);
  await removeUnlisted(directory, manifest);
  const last = manifest.chunks.length - 1;
  const chunk = manifest.chunks[last];
  const pts = chunk && await readPts(path.join(directory, featuresFile(last)), chunk, manifest.features);
  return { manifest, lastPtsSeconds: pts?.at(-1) ?? -Infinity };
}

/** Removes files of a writer that no manifest lists: those of a chunk or an end that a kill cut off. */
export async function removeUnlisted(directory: string, manifest: MemoryManifest | undefined): Promise<void> {
  const listed = new Set(manifest && [manifestFile, ...listFiles(manifest).map(({ name }) => name)]);
  await onFile('clear', directory, async () => {
    for (const name of await readdir(directory)) {
      if (ownFile.test(name) && !listed.has(name)) await rm(path.join(directory, name));
    }
  });
  await syncDirectory(directory);
}

function checkHeader(directory: string, manifest: MemoryManifest, expected: MemoryHeader): void {
  const pairs = [
    ['video fingerprint', manifest.video.fingerprint, expected.video.fingerprint],
    ['encoder', manifest.encoder.fingerprint, expected.encoder.fingerprint],
    ['tokens a frame', manifest.features.tokensPerFrame, expected.features.tokensPerFrame],
    ['channels', manifest.features.channels, expected.features.channels],
    ['mode', manifest.mode, expected.mode],
  ] as const;
  const different = pairs.find(([, found, wanted]) => found !== wanted);
  if (different === undefined) return;
  const [what, found, wanted] = different;
  throw new LongtakeError('memory-mismatch', `The memory ${directory} was begun with another ${what}: ${found}, not ${wanted}. `
    + 'Continue it with what it was begun with, or remove it and encode the video again.', { directory, what, found, wanted });
}

/**
 * Gaps in order of time, those of one reason that touch or overlap as one: a run may report again what an earlier one
 * has reported, or the rest of a stretch in which the earlier one was killed.
 */
export function mergeGaps(gaps: readonly MemoryGap[]): MemoryGap[] {
  const ordered = (some: readonly MemoryGap[]): MemoryGap[] => some.toSorted((one, other) =>
    one.startSeconds - other.startSeconds || one.endSeconds - other.endSeconds || (one.reason < other.reason ? -1 : 1));
  const merged: MemoryGap[] = [];
  for (const { startSeconds, endSeconds, reason } of ordered(gaps)) {
    const last = merged.findLast((gap) => gap.reason === reason);
    if (last !== undefined && last.endSeconds >= startSeconds) last.endSeconds = Math.max(last.endSeconds, endSeconds);
    else merged.push({ startSeconds, endSeconds, reason });
  }
  return ordered(merged);
}
