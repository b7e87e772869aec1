import type { MethodResult } from '../../engine/protocol/methods.ts';

export type Forecast = MethodResult<'queue.forecast'>;
/** What was chosen, files and folders, and what it takes; without a forecast where none of it could be looked into: adding says why. */
export type Plan = { readonly paths: readonly string[]; readonly forecast: Forecast | undefined; /** The folder from which they came one by one. */ readonly folder?: string };

/** An encode that takes longer than this is asked about before it starts. */
const longSeconds = 180;
/** Where the speed of the model is not known yet: this many frames, five minutes of film at one a second, may take an hour. */
const manyFrames = 300;

/** What the encodes need, one after the other, and answers about the longest of the videos. */
export function neededMemoryBytes({ encodeMemoryBytes, answerMemoryBytes }: Forecast): number {
  return Math.max(encodeMemoryBytes, answerMemoryBytes ?? 0);
}

/** What is known of the room that it takes: a recording of unknown length adds nothing here. */
export function knownDiskBytes({ files }: Forecast): number {
  return files.reduce((sum, { diskBytes }) => sum + (diskBytes ?? 0), 0);
}

/**
 * Whether to ask before the encode starts. Short work starts by itself: it can be stopped as quickly as a question is
 * answered. The demonstration model is fast everywhere, so its first encode is not asked about.
 */
export function wantsAsking(forecast: Forecast | undefined, demonstration: boolean): boolean {
  if (forecast === undefined || forecast.files.length === 0) return false;
  if (!forecast.fits || !forecast.fitsMemory) return true;
  if (forecast.encodeSeconds !== null) return forecast.encodeSeconds > longSeconds;
  return !demonstration && (forecast.frames ?? Infinity) > manyFrames;
}
