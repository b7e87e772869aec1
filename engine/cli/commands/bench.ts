import type { Command } from 'commander';
import { runBenchmark } from '../../evaluation/bench.ts';
import { sampleVideoFile } from '../../pipeline/pebble-town.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { addAnswerOptions, answerSettings, type AnswerFlags } from '../options.ts';
import { defineCommand, runCommand } from '../run.ts';

const defaultQuestions = [
  'Where are we at the beginning?', 'Summarize the video.', 'Is there a balloon?', 'When does the kite appear?', 'Which comes first, the bell or the kite?',
];

export function addBenchCommand(program: Command): void {
  addAnswerOptions(defineCommand(program, 'bench [video]',
    'measure this machine: vision, memory, first token, decoding, RAM (default video: the one-hour sample)', 'bench party.mp4'))
    .action((video: string | undefined, flags: AnswerFlags & { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const result = await runBenchmark(video ?? sampleVideoFile, defaultQuestions, answerSettings(flags), { onProgress: output.progress, signal });
        output.result(result, [
          `model            ${result.model} on ${result.provider}`,
          `memory           ${result.memory.frames} frames, ${result.memory.tokens} tokens`,
          `vision           ${result.visionFramesPerSecond.toFixed(0)} frames/s`,
          `memory K and V   ${result.memoryMs} ms, once`,
          `first token      ${result.firstTokenMs} ms (median of later questions)`,
          `decoding         ${result.tokensPerSecond.toFixed(0)} tokens/s`,
          `peak RSS         ${describeBytes(result.peakRssBytes)}`,
        ].join('\n'));
        return 0;
      }));
}
