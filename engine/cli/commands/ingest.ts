import type { Command } from 'commander';
import { openEngine, type Engine } from '../../pipeline/engine.ts';
import { forecastIngest } from '../../pipeline/forecast.ts';
import { ingestVideo, type IngestResult } from '../../pipeline/ingest.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { probeVideo } from '../../media/index.ts';
import { formatTime } from '../../chat/citations.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { addModelOptions, type ModelFlags } from '../options.ts';
import { describeError, formatDuration, type Output } from '../output.ts';
import { defineCommand, runCommand, type CommandContext } from '../run.ts';

type IngestFlags = ModelFlags & { readonly json?: boolean; readonly fast?: boolean; readonly again?: boolean; readonly forecast?: boolean };

export function addIngestCommand(program: Command): void {
  addModelOptions(defineCommand(program, 'ingest <video...>',
    'watch videos once and keep their memories; questions later start at once', 'ingest holiday/*.mp4'))
    .option('--fast', 'decode only reference frames: quicker, with times up to some frames off')
    .option('--again', 'watch from the start, also where a memory is there (it may be damaged); conversations stay')
    .option('--forecast', 'only say how many frames and how much disk it would take')
    .action((videos: string[], flags: IngestFlags) =>
      runCommand(flags.json === true, async (context) => {
        const { output, signal } = context;
        await using engine = await openEngine(flags, { onProgress: output.progress, signal });
        const results: unknown[] = [];
        let code = 0;
        for (const video of videos) {
          try {
            results.push({ video, ...await (flags.forecast === true ? forecast(engine, video, context) : ingest(engine, video, flags, context)) });
          } catch (error) {
            // One file of many that cannot be read keeps no other from being watched; what is wrong with the machine does.
            if (videos.length === 1 || exitCodeOf(error) !== exitCodes.input.code) throw error;
            code = exitCodes.input.code;
            results.push({ video, error: describeError(error) });
            output.note(describeError(error).message);
          }
        }
        if (output.json) output.result({ videos: results }, '');
        return code;
      }));
}

async function forecast(engine: Engine, video: string, { output, signal }: CommandContext): Promise<object> {
  const expected = await forecastIngest(engine, await probeVideo(video, { signal }));
  output.stream(`${video}: ${expected.frames ?? 'an unknown number of'} frames, `
    + `${expected.diskBytes === undefined ? 'unknown' : `about ${describeBytes(expected.diskBytes)}`} of disk (${describeBytes(expected.freeDiskBytes)} free)\n`);
  return expected;
}

async function ingest(engine: Engine, video: string, flags: IngestFlags, { output, signal }: CommandContext): Promise<object> {
  const { memory, ...result } = await ingestVideo(engine, video, {
    decoding: flags.fast === true ? 'fast' : 'exact', again: flags.again === true, onProgress: output.progress, signal,
  });
  describe(video, memory.frameCount, result, output);
  return { frames: memory.frameCount, durationSeconds: memory.manifest.durationSeconds, directory: memory.directory, ...result };
}

function describe(video: string, frames: number, { encodedFrames, reusedFrames, encodeMs, gaps, warnings }: Omit<IngestResult, 'memory'>, output: Output): void {
  const encoded = `encoded in ${formatDuration(encodeMs / 1000)}${reusedFrames > 0 ? `, after ${reusedFrames} that were there` : ''}`;
  output.stream(`${video}: ${frames} frames, ${encodedFrames === 0 ? 'in memory already' : encoded}\n`);
  for (const { startSeconds, endSeconds, reason } of gaps) output.note(`  ${reason}: ${formatTime(startSeconds)}–${formatTime(endSeconds)}`);
  for (const warning of warnings) output.note(`  ${warning}`);
}
