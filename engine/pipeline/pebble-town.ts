import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Video } from '../library/index.ts';
import { fingerprintVideo } from '../media/index.ts';

const sampleDirectory = path.join(import.meta.dirname, '../../resources/sample');

/** The one-hour video of the demo model's world that ships with Longtake. */
export const sampleVideoFile = path.join(sampleDirectory, 'pebble-town.mp4');

const sampleTitle = 'Pebble Town';

/** What a video is called until somebody calls it otherwise: its file's name; the sample has a name of its own. */
export function videoTitle(videoFile: string): string {
  return path.resolve(videoFile) === sampleVideoFile ? sampleTitle : path.basename(videoFile);
}

let sampleFingerprint: Promise<string | undefined> | undefined;

/** Whether a video is the sample, wherever its file lies or whether there is one: that is known by its content. */
export async function isSample(fingerprint: string): Promise<boolean> {
  const byteLength = statSync(sampleVideoFile, { throwIfNoEntry: false })?.size;
  if (byteLength === undefined || !fingerprint.includes(`-${byteLength}-`)) return false;
  sampleFingerprint ??= fingerprintVideo(sampleVideoFile).catch(() => undefined); // what cannot be read is no sample
  return await sampleFingerprint === fingerprint;
}

const suggestionsSchema = z.object({ questions: z.array(z.object({ task: z.string(), text: z.string() })).min(3) });

/** Questions to start from that the sample has an answer to; none where the files of the sample are not there. */
export function sampleQuestions(): readonly string[] {
  const file = path.join(sampleDirectory, 'suggestions.json');
  return existsSync(file) ? suggestionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).questions.map(({ text }) => text) : [];
}

/** What `render` of training/ writes into its films as their comment (training/longtake_training/town/video/encode.py). */
export const townComment = 'Pebble Town, drawn by longtake_training';
const townProbe = z.object({ comment: z.literal(townComment) });

/** Whether a film shows the drawn town that the demo model understands: the sample, or another that says so itself, whatever it is called. */
export async function isPebbleTown({ fingerprint, probe }: Pick<Video, 'fingerprint' | 'probe'>): Promise<boolean> {
  return townProbe.safeParse(probe).success || await isSample(fingerprint);
}
