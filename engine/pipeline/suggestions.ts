import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { formatTime } from '../chat/citations.ts';
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

/** Whether a video that is known by its content alone is the sample, which lies with Longtake. */
export async function isSample(fingerprint: string): Promise<boolean> {
  const byteLength = statSync(sampleVideoFile, { throwIfNoEntry: false })?.size;
  return byteLength !== undefined && fingerprint.includes(`-${byteLength}-`) && await fingerprintVideo(sampleVideoFile) === fingerprint;
}

const suggestionsSchema = z.object({ questions: z.array(z.string()).min(3) });

/** Questions to start from, for the sample; none for other files. */
export function suggestedQuestions(videoFile: string): readonly string[] {
  const file = path.join(sampleDirectory, 'suggestions.json');
  if (!isSameFile(videoFile, sampleVideoFile) || !existsSync(file)) return [];
  return suggestionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).questions;
}

/**
 * Questions to start from, for any video: the sample's own; for the demo model, which knows only its little town, what
 * can be asked of every video of that world; otherwise what can be asked of anything.
 */
export function suggestQuestions({ paths, durationSeconds, model }: { readonly paths: readonly string[]; readonly durationSeconds?: number | undefined; readonly model: string }): string[] {
  const own = paths.flatMap((file) => [...suggestedQuestions(file)]);
  if (own.length > 0) return own;
  if (model === demoModelName) {
    return ['Summarize the video.', 'Where are we at the beginning?', ...(durationSeconds === undefined ? [] : [`Which place is shown at ${townTime(durationSeconds / 2)}?`]), 'What does the first sign say?', 'Is there a cat in the video?'];
  }
  const middle = durationSeconds === undefined ? undefined : formatTime(durationSeconds / 2);
  return ['What is this video about?', 'What happens at the beginning?', ...(middle === undefined ? [] : [`What happens around ${middle}?`]), 'What are the main events, and when do they happen?', 'How does it end?'];
}

/** A time as the demo model was taught to read it: to ten seconds, mm:ss whatever the length. */
function townTime(seconds: number): string {
  const tens = Math.round(seconds / 10);
  return `${String(Math.floor(tens / 6)).padStart(2, '0')}:${tens % 6}0`;
}

function isSameFile(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false;
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
