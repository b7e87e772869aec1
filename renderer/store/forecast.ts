import type { MethodResult } from '../../engine/protocol/methods.ts';

export type Forecast = MethodResult<'queue.forecast'>;
/** A file that is to be added; without a forecast where it could not be looked into: adding says why. */
export type PlannedFile = { readonly path: string; readonly forecast: Forecast | undefined };

/** An encode that takes longer than this is asked about before it starts. */
const longSeconds = 180;
/** Where the speed of the model is not known yet: this many frames, at one a second, may be hours. */
const manyFrames = 1200;

export type ForecastSum = {
  /** undefined where the length of a file is not known. */
  readonly frames: number | undefined;
  /** undefined where the speed is not known. */
  readonly encodeSeconds: number | undefined;
  readonly diskBytes: number;
  readonly freeDiskBytes: number;
  readonly fits: boolean;
  /** What the encodes need, one after the other, and answers about the longest of the videos. */
  readonly memoryBytes: number;
  readonly machineMemoryBytes: number;
  readonly fitsMemory: boolean;
  readonly provider: string | undefined;
};

/** What files take together: each may fit by itself, and all of them may not. */
export function sumForecasts(planned: readonly PlannedFile[]): ForecastSum | undefined {
  const forecasts = planned.flatMap(({ forecast }) => forecast ?? []);
  if (forecasts.length === 0) return undefined;
  const diskBytes = forecasts.reduce((sum, forecast) => sum + (forecast.diskBytes ?? 0), 0);
  const freeDiskBytes = Math.min(...forecasts.map((forecast) => forecast.freeDiskBytes));
  return {
    frames: sumKnown(forecasts.map(({ frames }) => frames)),
    encodeSeconds: sumKnown(forecasts.map(({ encodeSeconds }) => encodeSeconds)),
    diskBytes, freeDiskBytes,
    fits: forecasts.every((forecast) => forecast.fits) && diskBytes <= freeDiskBytes,
    memoryBytes: Math.max(...forecasts.map(({ encodeMemoryBytes, answerMemoryBytes }) => Math.max(encodeMemoryBytes, answerMemoryBytes ?? 0))),
    machineMemoryBytes: Math.min(...forecasts.map(({ machineMemoryBytes }) => machineMemoryBytes)),
    fitsMemory: forecasts.every(({ fitsMemory }) => fitsMemory),
    provider: forecasts.find(({ provider }) => provider !== null)?.provider ?? undefined,
  };
}

/** undefined where one of them is not known. */
function sumKnown(values: readonly (number | null)[]): number | undefined {
  return values.reduce<number | undefined>((sum, value) => sum === undefined || value === null ? undefined : sum + value, 0);
}

/**
 * Whether to ask before the encode starts. Short work starts by itself: it can be stopped as quickly as a question is
 * answered. The demonstration model is fast everywhere, so its first encode is not asked about.
 */
export function wantsAsking(planned: readonly PlannedFile[], demonstration: boolean): boolean {
  const sum = sumForecasts(planned);
  if (sum === undefined) return false;
  if (!sum.fits || !sum.fitsMemory) return true;
  if (sum.encodeSeconds !== undefined) return sum.encodeSeconds > longSeconds;
  return !demonstration && planned.reduce((total, { forecast }) => total + (forecast?.frames ?? 0), 0) > manyFrames;
}
