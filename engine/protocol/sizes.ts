const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes as sentences have them, decimal as drives count: "12 B", "1.5 kB", "0.4 MB", "45 MB", "3.60 GB". */
export function describeBytes(bytes: number): string {
  // What is compared is mostly megabytes: kilobytes only where those would be 0.0.
  const power = bytes < 1000 ? 0 : bytes < 5e4 ? 1 : bytes < 1e9 ? 2 : bytes < 1e12 ? 3 : 4;
  const value = bytes / 1000 ** power;
  const digits = power === 0 ? 0 : power >= 3 ? 2 : value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[power]}`;
}
