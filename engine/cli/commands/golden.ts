import { Option, type Command } from 'commander';
import { runGolden, type GoldenCase } from '../../evaluation/golden.ts';
import type { AnswerSettings } from '../../pipeline/settings.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { defineCommand, runCommand } from '../run.ts';

type GoldenFlags = { readonly json?: boolean; readonly provider: AnswerSettings['provider']; readonly weights: ModelSpec['weights'] };

export function addGoldenCommand(program: Command): void {
  defineCommand(program, 'golden <folder>',
    'run a checkpoint with the tensors that the authors\' own modules computed from it, and print how far off each stage is',
    'golden tests/fixtures/hour-llava-golden --provider webgpu')
    .addOption(new Option('--provider <name>', 'what runs it').choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('cpu'))
    .addOption(new Option('--weights <kind>', 'how weights are kept').choices(['float32', 'float16', 'int8', 'int4']).default('float32'))
    .action((directory: string, { json, provider, weights }: GoldenFlags) =>
      runCommand(json === true, async ({ output }) => {
        const report = await runGolden(directory, { provider, weights, onCase: (result) => { output.stream(`${line(result)}\n`); } });
        const agree = report.cases.every(({ agreeingTokens, expectedTokens }) => agreeingTokens === expectedTokens);
        output.result({ ...report, agree }, `tower ${report.vision.toExponential(1)} · ${report.provider}, ${report.weights} weights, ${report.compute} arithmetic: `
          + (agree ? 'all greedy tokens agree' : 'greedy tokens DIFFER'));
        return agree ? 0 : 1;
      }));
}

function line({ name, textMask, memaugInputMean, memaugOutput, embeddingsMean, logits, agreeingTokens, expectedTokens, seconds }: GoldenCase): string {
  const stages = { 'MemAug in': memaugInputMean, 'MemAug out': memaugOutput, embeddings: embeddingsMean, logits };
  const errors = Object.entries(stages).map(([stage, error]) => `${stage} ${error.toExponential(1)}`).join(', ');
  return `${name.padEnd(6)} ${textMask.padEnd(5)}  ${errors}  tokens ${agreeingTokens}/${expectedTokens}  ${seconds.toFixed(1)} s`;
}
