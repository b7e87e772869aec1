const dayMs = 86_400_000;

/** When something was last used, as short as it stays clear: the time of today, the day of this year, the date. */
export function formatDay(timeMs: number, nowMs: number, locale: string): string {
  const time = new Date(timeMs);
  const now = new Date(nowMs);
  const options: Intl.DateTimeFormatOptions = time.toDateString() === now.toDateString() ? { hour: '2-digit', minute: '2-digit' }
    : nowMs - timeMs < 300 * dayMs ? { day: 'numeric', month: 'short' } : { dateStyle: 'medium' };
  return new Intl.DateTimeFormat(locale, options).format(time);
}
