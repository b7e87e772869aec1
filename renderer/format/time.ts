/** 75.4 → "1:15"; from an hour on "1:02:03". As the engine writes times in answers, and as clocks are read. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % 60)}` : `${minutes}:${twoDigits(whole % 60)}`;
}

/** A length in words of the language: "2 min 5 sec". At most its two largest units. */
export function formatDuration(seconds: number, language: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, 'hour' | 'minute' | 'second'][] = [[Math.floor(whole / 3600), 'hour'], [Math.floor(whole / 60) % 60, 'minute'], [whole % 60, 'second']];
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first < 0 ? [parts[2]] : parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.flatMap((part) => part === undefined ? [] : [new Intl.NumberFormat(language, { style: 'unit', unit: part[1], unitDisplay: 'short' }).format(part[0])]).join(' ');
}

/**
 * How long something still takes, no more exactly than anybody knows: whole minutes, below a minute and a half steps of
 * five seconds. It is read while it changes.
 */
export function formatLeft(seconds: number, language: string): string {
  const step = seconds >= 3600 ? 300 : seconds >= 90 ? 60 : 5;
  return formatDuration(Math.max(5, Math.ceil(seconds / step) * step), language);
}
