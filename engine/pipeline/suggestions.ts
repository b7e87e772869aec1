import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const sampleDirectory = path.join(import.meta.dirname, '../../resources/sample');

/** The one-hour video of the demo model's world that ships with Longtake. */
export const sampleVideoFile = path.join(sampleDirectory, 'pebble-town.mp4');

const suggestionsSchema = z.object({ questions: z.array(z.string()).min(3) });

/**
 * Questions to start from. Only for the sample: what can be asked of other videos is not known before they are
 * asked about, and a suggestion that gets no answer is worse than none.
 */
export function suggestedQuestions(videoFile: string): readonly string[] {
  const file = path.join(sampleDirectory, 'suggestions.json');
  if (!isSameFile(videoFile, sampleVideoFile) || !existsSync(file)) return [];
  return suggestionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).questions;
}

function isSameFile(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false;
  const [a, b] = [statSync(one), statSync(other)];
  return a.ino === b.ino && a.dev === b.dev;
}
