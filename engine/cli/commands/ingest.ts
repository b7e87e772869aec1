import type { Command } from 'commander';
import { openEngine } from '../../pipeline/engine.ts';
import { forecastIngest } from '../../pipeline/forecast.ts';
import { ingestVideo, type IngestResult } from '../../pipeline/ingest.ts';
import { probeVideo } from '../../media/index.ts';
import { formatTime } from '../../chat/citations.ts';
import { addModelOptions, type ModelFlags } from '../options.ts';
import { formatBytes, formatDuration, type Output } from '../output.ts';
import { defineCommand, runCommand } from '../run.ts';

type IngestFlags = ModelFlags & { readonly json?: boolean; readonly fast?: boolean; readonly forecast?: boolean };

export function addIngestCommand(program: Command): void {
  addModelOptions(defineCommand(program, 'ingest <video...>',
    'watch videos once and keep their memories; questions later start at once', 'ingest holiday/*.mp4'))
    .option('--fast', 'decode only reference frames: quicker, with times up to some frames off')
    .option('--forecast', 'only say how many frames and how much disk it would take')
    .action((videos: string[], flags: IngestFlags) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        await using engine = await openEngine(flags, { onProgress: output.progress, signal });
        const results: unknown[] = [];
        for (const video of videos) {
          if (flags.forecast === true) {
            const forecast = await forecastIngest(engine, await probeVideo(video, { signal }));
            results.push({ video, ...forecast });
            output.stream(`${video}: ${forecast.frames ?? 'an unknown number of'} frames, `
              + `${forecast.diskBytes === undefined ? 'unknown' : `about ${formatBytes(forecast.diskBytes)}`} of disk (${formatBytes(forecast.freeDiskBytes)} free)\n`);
            continue;
          }
          const { memory, ...result } = await ingestVideo(engine, video, {
            decoding: flags.fast === true ? 'fast' : 'exact', onProgress: output.progress, signal,
          });
          results.push({ video, frames: memory.frameCount, durationSeconds: memory.manifest.durationSeconds, directory: memory.directory, ...result });
          describe(video, memory.frameCount, result, output);
        }
        if (output.json) output.result({ videos: results }, '');
        return 0;
      }));
}

function describe(video: string, frames: number, { encodedFrames, reusedFrames, encodeMs, gaps, warnings }: Omit<IngestResult, 'memory'>, output: Output): void {
  const encoded = `encoded in ${formatDuration(encodeMs / 1000)}${reusedFrames > 0 ? `, after ${reusedFrames} that were there` : ''}`;
  output.stream(`${video}: ${frames} frames, ${encodedFrames === 0 ? 'in memory already' : encoded}\n`);
  for (const { startSeconds, endSeconds, reason } of gaps) output.note(`  ${reason}: ${formatTime(startSeconds)}–${formatTime(endSeconds)}`);
  for (const warning of warnings) output.note(`  ${warning}`);
}
