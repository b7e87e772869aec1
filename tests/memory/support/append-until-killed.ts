/** Writes the sample memory as an ingest would: opens it, continues behind its durable frames, finishes, says "done". */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MemoryWriter, openMemory } from '../../../engine/memory/index.ts';
import { sampleFrames, sampleHeader, samplePts, sampleSubtitles } from './sample-memory.ts';

const [directory = '', frames = '', portions = ''] = process.argv.slice(2);
const frameCount = Number(frames);
console.log('ready');
// Killed between the last step of finish and saying so.
if (existsSync(path.join(directory, 'manifest.json')) && (await openMemory(directory)).complete) {
  console.log('done');
  process.exit(0);
}
const writer = await MemoryWriter.open(directory, sampleHeader);
for (let frame = writer.frameCount; frame < frameCount;) {
  const end = Math.min(frameCount, frame + 1 + (frame * 31 + Number(portions)) % 45);
  await writer.append(sampleFrames(frame, end));
  frame = end;
}
await writer.finish({ durationSeconds: samplePts(frameCount), subtitles: sampleSubtitles });
console.log('done');
