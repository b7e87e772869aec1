import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { formatTime } from '../chat/citations.ts';
import type { Video } from '../library/index.ts';
import { fingerprintVideo } from '../media/index.ts';
import { demoModelName } from './model-store.ts';

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

const suggestionsSchema = z.object({ questions: z.array(z.string()).min(3) });

/** Questions to start from that the sample has an answer to; none where the files of the sample are not there. */
export function sampleQuestions(): readonly string[] {
  const file = path.join(sampleDirectory, 'suggestions.json');
  return existsSync(file) ? suggestionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).questions : [];
}

/** What `render` of training/ writes into its films as their comment (training/longtake_training/town/video/encode.py). */
export const townComment = 'Pebble Town, drawn by longtake_training';
const townProbe = z.object({ comment: z.literal(townComment) });

/** Whether a film shows the drawn town that the demo model understands: the sample, or another that says so itself, whatever it is called. */
export async function isPebbleTown({ fingerprint, probe }: Pick<Video, 'fingerprint' | 'probe'>): Promise<boolean> {
  return townProbe.safeParse(probe).success || await isSample(fingerprint);
}

/**
 * Questions to start from: the sample's own, what any film of its town answers, or what can be asked of anything, about
 * chapters where some have a name. None where only the demo model would answer, which understands the town alone.
 */
export async function suggestQuestions(
  video: Pick<Video, 'fingerprint' | 'probe' | 'durationSeconds'>, model: string, chapters: readonly { readonly startSeconds: number; readonly title: string }[] = [],
): Promise<readonly string[]> {
  if (await isSample(video.fingerprint)) return sampleQuestions();
  if (await isPebbleTown(video)) return ['Summarize the video.', 'What do the signs say?', 'What is the weather like?', 'Where does the video begin and end?'];
  if (model === demoModelName) return [];
  const named = chapters.filter(({ title }) => title !== '');
  const asked = named.filter((_, index) => [1, 2].some((third) => index === Math.floor((named.length * third) / 3)));
  const about = asked.map(({ startSeconds, title }) => `What happens in “${title}”, from ${formatTime(startSeconds)} on?`);
  const middle = video.durationSeconds === undefined ? [] : [`What happens around ${formatTime(video.durationSeconds / 2)}?`];
  return ['What is this video about?', 'What happens at the beginning?', ...(about.length > 0 ? about : middle), 'What are the main events, and when do they happen?', 'How does it end?'];
}
