import { InvalidArgumentError, Option, type Command } from 'commander';
import { defaultAnswerSettings, type AnswerSettings, type IdleSetting } from '../pipeline/settings.ts';

/** Options of every command that loads a model. */
export type ModelFlags = { readonly model: string; readonly provider: AnswerSettings['provider']; readonly weights?: AnswerSettings['weights'] };

export type AnswerFlags = ModelFlags & {
  readonly fast?: boolean;
  readonly forgetting?: AnswerSettings['spatialForgetting'];
  readonly textMask: AnswerSettings['textMask'];
  readonly subtitles?: boolean;
  readonly memaug: boolean;
  readonly uniform?: number;
  readonly sample?: boolean;
  readonly seed: number;
  readonly maxTokens: number;
};

export function addModelOptions(command: Command): Command {
  return command
    .option('--model <name>', 'an installed model (longtake models), or the folder of a checkpoint', defaultAnswerSettings.model)
    .addOption(new Option('--provider <name>', 'what runs it').choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto'))
    .addOption(new Option('--weights <kind>', 'how weights are kept').choices(['float32', 'float16', 'int8', 'int4']));
}

export function addAnswerOptions(command: Command): Command {
  return addModelOptions(command)
    .option('--fast', 'decode only reference frames: quicker, with times up to some frames off')
    .addOption(new Option('--forgetting <kind>', 'which tokens of a frame the decayed copy keeps (default: as the checkpoint says)')
      .choices(['uniform', 'random']))
    .addOption(new Option('--text-mask <kind>', 'which text MemAug sees: as in training, or all of it')
      .choices(['train', 'all']).default('train'))
    .option('--subtitles', 'let the model read the video\'s subtitles as well (the demo model has no words for them)')
    .option('--no-memaug', 'answer from the decayed tokens only, for comparison')
    .option('--uniform <frames>', 'answer from this many evenly spaced frames only: for comparison, or with a model that reads nothing else', parseCount)
    .option('--sample', 'sample as the checkpoint\'s generation config says, even where it says greedy')
    .option('--seed <number>', 'seed of sampling', parseWholeNumber, 0)
    .option('--max-tokens <number>', 'the longest answer', parseCount, defaultAnswerSettings.maxNewTokens);
}

export function answerSettings(flags: AnswerFlags): AnswerSettings {
  return {
    model: flags.model,
    provider: flags.provider,
    weights: flags.weights,
    decoding: flags.fast === true ? 'fast' : 'exact',
    spatialForgetting: flags.forgetting,
    textMask: flags.textMask,
    subtitles: flags.subtitles ?? false,
    repository: flags.uniform !== undefined ? { uniformFrames: flags.uniform } : flags.memaug ? 'full' : 'decayed',
    sample: flags.sample,
    seed: flags.seed,
    maxNewTokens: flags.maxTokens,
  };
}

const flagOf = { spatialForgetting: '--forgetting', textMask: '--text-mask', repository: '--no-memaug' } as const satisfies Record<IdleSetting, string>;

/** A line for whoever gave options that the model does not know; empty where all of them are known to it. */
export function describeIdle(idle: readonly IdleSetting[]): string {
  return idle.length === 0 ? '' : `This model has no MemAug and forgets nothing; without effect: ${idle.map((setting) => flagOf[setting]).join(', ')}.`;
}

export function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return value;
}

/** A number of things of which there must be one. */
export function parseCount(text: string): number {
  const value = parseWholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}

export function parsePort(text: string): number {
  const value = parseWholeNumber(text);
  if (value > 65535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return value;
}

export function parsePositiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
