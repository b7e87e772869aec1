import { formatDuration } from '../format/time.ts';

/** A length of time that may be short: "0.4 sec", "12 sec", "33 min". */
export function secondsWords(seconds: number, language: string): string {
  if (seconds >= 10) return formatDuration(seconds, language);
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 }).format(seconds);
}
