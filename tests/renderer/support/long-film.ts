import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findMediaTools, fingerprintVideo, probeVideo } from '../../../engine/media/index.ts';
import { MemoryWriter, openMemory, storedByteLength } from '../../../engine/memory/index.ts';
import { memoryDirectory } from '../../../engine/pipeline/engine.ts';
import type { Workspace } from '../../../engine/server/workspace.ts';
import { openEngineService } from '../../../engine/server/workspace.ts';
import { addLongConversation } from './long-conversation.ts';

const sample = path.join(import.meta.dirname, '../../../resources/sample/pebble-town.mp4');
const partSeconds = 60;
const framesAtOnce = 600;
const wordsEverySeconds = 5;

/**
 * A home (LONGTAKE_HOME) with a video of many hours: sound, subtitles beside it, a conversation whose answers name times
 * all over it, and a whole memory with a picture for every second. What the encoder would see is left at zero, because
 * seeing takes minutes: it can be looked at and not asked.
 */
export async function makeLongFilm(home: string, { hours, messages, name = 'ten hours.mp4' }: { readonly hours: number; readonly messages: number; readonly name?: string }): Promise<void> {
  process.env['LONGTAKE_HOME'] = home;
  mkdirSync(home, { recursive: true });
  const service = await openEngineService();
  const seconds = hours * 3600;
  const file = path.join(home, name);
  try {
    await makeFile(file, seconds);
    const { library } = service.workspace;
    const probe = await probeVideo(file, {});
    const video = library.videos.upsert({ fingerprint: await fingerprintVideo(file, {}), path: file, title: name, probe, durationSeconds: seconds });
    await writeMemory(service.workspace, video, seconds, await samplePictures(home));
    addLongConversation(library, video.id, { messages, seconds });
  } finally {
    await service[Symbol.asyncDispose]();
  }
}

/** A minute of pictures and sound, repeated without encoding again, and words beside it. */
async function makeFile(file: string, seconds: number): Promise<void> {
  const part = `${file}.part.mp4`;
  await runFfmpeg(['-f', 'lavfi', '-i', `testsrc2=size=160x90:rate=2:duration=${partSeconds}`, '-f', 'lavfi', '-i', `aevalsrc='sin(440*t)*abs(sin(t/4))*abs(sin(t/23))':s=8000:d=${partSeconds}`,
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', part]);
  await runFfmpeg(['-stream_loop', '-1', '-i', part, '-t', String(seconds), '-c', 'copy', file]);
  const clock = (at: number): string => `${String(Math.floor(at / 3600)).padStart(2, '0')}:${String(Math.floor(at / 60) % 60).padStart(2, '0')}:${String(at % 60).padStart(2, '0')},000`;
  const cues = Array.from({ length: Math.floor(seconds / wordsEverySeconds) }, (_, index) => `${index + 1}\n${clock(index * wordsEverySeconds)} --> ${clock(index * wordsEverySeconds + 3)}\nSentence ${index + 1} is said here.\n`);
  writeFileSync(file.replace(/mp4$/u, 'srt'), cues.join('\n'));
}

/** One picture of every minute of the sample. */
async function samplePictures(directory: string): Promise<readonly Uint8Array[]> {
  const at = (index: number): string => path.join(directory, `picture-${index}.jpg`);
  await runFfmpeg(['-i', sample, '-vf', 'fps=1/60,scale=160:90', '-start_number', '0', path.join(directory, 'picture-%d.jpg')]);
  return Array.from({ length: 60 }, (_, index) => readFileSync(at(index)));
}

async function writeMemory({ library, home, host }: Workspace, video: { readonly id: string; readonly fingerprint: string }, seconds: number, pictures: readonly Uint8Array[]): Promise<void> {
  const { encoderFingerprint, encoderName, vision: { imageSize } } = await host.spec();
  const entry = library.memories.ensure({ videoId: video.id, encoderFingerprint, encoderName, mode: 'exact' });
  const directory = memoryDirectory(home, entry);
  const writer = await MemoryWriter.create(directory, {
    video: { fingerprint: video.fingerprint, fileName: 'film.mp4', durationSeconds: seconds }, encoder: { fingerprint: encoderFingerprint, name: encoderName, imageSize },
    features: { tokensPerFrame: 1, channels: 2, dtype: 'F16' }, mode: 'exact',
  });
  for (let from = 0; from < seconds; from += framesAtOnce) {
    const frames = Array.from({ length: Math.min(framesAtOnce, seconds - from) }, (_, index) => from + index);
    await writer.append({
      features: new Uint16Array(frames.length * 2), ptsSeconds: Float64Array.from(frames), gaps: [],
      thumbnails: frames.map((frame) => pictures[Math.floor(frame / 60) % pictures.length] ?? new Uint8Array()),
    });
  }
  await writer.finish({ durationSeconds: seconds });
  const { manifest, frameCount } = await openMemory(directory);
  library.memories.update(entry.id, { frameCount, byteLength: storedByteLength(manifest), state: 'complete' });
}

async function runFfmpeg(args: readonly string[]): Promise<void> {
  const { ffmpeg } = await findMediaTools();
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')} failed: ${stderr}`);
}
