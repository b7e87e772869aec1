import type { MethodResult } from '../../engine/protocol/methods.ts';

export type Diagnostics = MethodResult<'app.diagnostics'>;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** What a report of a problem needs, a fact a line, in English for whoever reads it. Folders are left out: they hold names. */
export function diagnosticsText({ versions, platform, processors, memoryBytes, freeMemoryBytes, residentBytes, freeDiskBytes, ffmpeg, model }: Diagnostics): string {
  return [
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    `platform ${platform}`,
    `processors ${processors}`,
    `memory ${gigabytes(memoryBytes)}, ${gigabytes(freeMemoryBytes)} free, ${gigabytes(residentBytes)} held by the engine`,
    `disk ${gigabytes(freeDiskBytes)} free`,
    'missing' in ffmpeg ? 'ffmpeg is missing' : `ffmpeg ${ffmpeg.version.replace(/^ffmpeg version | Copyright.*$/gu, '')} (${ffmpeg.source})`,
    `model ${model.name}, ${model.state}${model.provider === undefined ? '' : `, on ${model.provider}`}`,
    ...model.refusedProviders.map(({ provider, reason }) => `not on ${provider}: ${reason}`),
    ...(model.error === undefined ? [] : [`model error ${model.error.code}: ${model.error.message}`]),
  ].join('\n');
}
