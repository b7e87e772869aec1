import type { EngineSettings } from '../store/settings-slice.ts';

export type Device = EngineSettings['provider'];

const ofPlatform = { linux: ['cuda'], win32: ['dml'], darwin: ['coreml'] } as const;

/** What can be chosen on a system; what is chosen is always among it. */
export function devicesOf(platform: keyof typeof ofPlatform, chosen: Device): readonly Device[] {
  const devices: readonly Device[] = ['auto', 'cpu', 'webgpu', ...ofPlatform[platform]];
  return devices.includes(chosen) ? devices : [...devices, chosen];
}

/** "12", "12.5" or "12,5" gigabytes in bytes; null for nothing, undefined for what is no such number. */
export function parseGigabytes(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  const gigabytes = /^\d+(\.\d+)?$/u.test(trimmed) ? Number(trimmed) : 0;
  return gigabytes > 0 && gigabytes <= 4096 ? Math.round(gigabytes * 1e9) : undefined;
}
