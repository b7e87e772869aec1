/**
 * Run on a drive of one megabyte: writes the sample memory until the drive is full, makes room, resumes and finishes.
 * Prints what happened as JSON.
 */
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import { exportMemory, importMemory, MemoryWriter, openMemory } from '../../../engine/memory/index.ts';
import { folderHash, sampleFrames, sampleHeader, samplePts, sampleSubtitles } from './sample-memory.ts';

const [drive = '', frames = ''] = process.argv.slice(2);
const frameCount = Number(frames);
const directory = path.join(drive, 'memory');
const filler = path.join(drive, 'filler');

async function refusal(run: () => Promise<unknown>): Promise<{ code: string; message: string } | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!isLongtakeError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

async function writeOn(): Promise<void> {
  await using writer = await MemoryWriter.open(directory, sampleHeader);
  for (let frame = writer.frameCount; frame < frameCount; frame += 8) await writer.append(sampleFrames(frame, Math.min(frameCount, frame + 8)));
  await writer.finish({ durationSeconds: samplePts(frameCount), subtitles: sampleSubtitles });
}

/** Takes all room but so much. */
function fillUpTo(freeBytes: number): void {
  const { bavail, bsize } = statfsSync(drive);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - freeBytes));
}

fillUpTo(150_000);
const writing = await refusal(writeOn);
const partial = await openMemory(directory, { verify: true });
rmSync(filler);
await writeOn();
fillUpTo(100_000);
const archive = path.join(drive, 'memory.longtake');
const exporting = await refusal(() => exportMemory(directory, archive));
const afterExport = readdirSync(drive).sort();
rmSync(filler);
await exportMemory(directory, archive);
// Enough for the bytes, which is what can be forecast, and not for the blocks that they take.
fillUpTo(260_000);
const importing = await refusal(() => importMemory(archive, path.join(drive, 'copy')));
console.log(JSON.stringify({
  writing, partialFrames: partial.frameCount, hash: folderHash(directory), exporting, afterExport, importing, afterImport: readdirSync(drive).sort(),
}));
