const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** 1_300_000 → "1.3 MB", 6 → "6 bytes": decimal, as file managers and drives count. */
export function formatBytes(byteLength: number, language: string): string {
  const power = byteLength < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(byteLength) / 3));
  const value = byteLength / 1000 ** power;
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: power === 0 ? 'long' : 'short', maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(value);
}

/** 0.4567 → "45.7 %". */
export function formatShare(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);
}
