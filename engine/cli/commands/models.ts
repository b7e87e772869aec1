import { existsSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { catalogue, downloadBytes } from '../../models/catalogue.ts';
import { verifyModelPackage } from '../../models/package.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { runModelJob } from '../../pipeline/model-add.ts';
import { jobDirectory, readJob, readJobs, writeJob, type ModelJobFile } from '../../pipeline/model-job-file.ts';
import { createModelJob } from '../../pipeline/model-jobs.ts';
import { modelNeeds, readMachine, recommendedWeights } from '../../pipeline/model-needs.ts';
import { plainSource, readSource } from '../../pipeline/model-source.ts';
import { demoModelName, listModels, removeModel, resolveModel, type InstalledModel } from '../../pipeline/model-store.ts';
import { openHome, type Home } from '../../pipeline/home.ts';
import { isLongtakeError, LongtakeError } from '../../protocol/errors.ts';
import type { ModelNeedsView, ModelSource } from '../../protocol/methods-models.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { forecastSpeed, measureSpeed, speedClass } from '../../runtime/speed.ts';
import { rm } from 'node:fs/promises';
import { formatDuration } from '../output.ts';
import { defineCommand, runCommand } from '../run.ts';

type Weights = ModelSpec['weights'];
type AddFlags = { readonly json?: boolean; readonly name?: string; readonly weights?: Weights; readonly revision?: string; readonly endpoint?: string; readonly dryRun?: boolean };

const weightsOption = (description: string): Option => new Option('--weights <kind>', description).choices(['float32', 'float16', 'int8', 'int4']);

export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('what is installed and what can be; add, check or remove a model')
    .addHelpText('after', '\nExample:\n  longtake models add hour-llava-3b --weights int4');

  defineCommand(models, 'list', 'installed models, and those on their way (the default)', 'models list', { isDefault: true }).action((flags: { json?: boolean }) =>
    runCommand(flags.json === true, async ({ output, signal }) => {
      const home = openHome();
      await resolveModel(home, { name: demoModelName }, { onProgress: output.progress, signal });
      const installed = await listModels(home);
      const jobs = readJobs(home);
      output.result({ models: installed.map(describe), adding: jobs.map(describeJob) }, [...installed.map(line), ...jobs.map(jobLine)].join('\n'));
      return 0;
    }));

  defineCommand(models, 'catalogue', 'the models that are known by name, what they need and how fast they would be here', 'models catalogue')
    .action((flags: { json?: boolean }) => runCommand(flags.json === true, async ({ output }) => {
      const speed = await measureSpeed('auto');
      const machine = await readMachine(openHome(), speed.kernels === 'own');
      const entries = catalogue.map(({ shape, ...entry }) => {
        const weights = recommendedWeights(shape, machine);
        const forecast = forecastSpeed(shape, weights, speed);
        const needs = (['float16', 'int8', 'int4'] as const).map((format) => modelNeeds(shape, format, downloadBytes(shape), machine));
        return { ...entry, downloadBytes: downloadBytes(shape), recommended: weights, needs, speed: { ...forecast, class: speedClass(forecast), provider: speed.provider } };
      });
      output.result({ models: entries, machine }, entries.map(({ name, title, repository, description, needs, recommended, speed: here }) => [
        `${name}  ${title}, ${repository}`, `  ${description}`, ...needs.map((need) => `  ${needsLine(need)}${need.weights === recommended ? '  (recommended here)' : ''}`),
        `  here, on ${here.provider}: ${here.class}. A minute of video takes ${formatDuration(here.encodeSecondsPerMinute)}, the first word of an answer about an hour ${formatDuration(here.firstTokenSeconds)}, then ${here.tokensPerSecond.toFixed(1)} tokens/s.`,
      ].join('\n')).join('\n\n'));
      return 0;
    }));

  defineCommand(models, 'add <source>', 'download and import a model: a name of the catalogue, OWNER/NAME on the Hub, or the folder of a checkpoint',
    'models add hour-llava-3b --weights int4')
    .option('--name <name>', 'what to call it')
    .addOption(weightsOption('how weights are kept (default: what suits this machine)'))
    .option('--revision <revision>', 'branch, tag or commit of a repository', 'main')
    .option('--endpoint <address>', 'a mirror of the Hub (default: HF_ENDPOINT)')
    .option('--dry-run', 'only say what it needs')
    .addHelpText('after', '\nCtrl-C pauses; the same command goes on. A token for gated repositories is read from HF_TOKEN, proxies from HTTPS_PROXY and NO_PROXY.')
    .action((source: string, flags: AddFlags) => runCommand(flags.json === true, async ({ output, signal }) => {
      const home = openHome();
      const given = parseSource(source, flags);
      const plain = plainSource(given);
      const machine = await readMachine(home);
      const known = readJobs(home).find((job) => job.name === (flags.name ?? plain.name) && (flags.weights === undefined || job.weights === flags.weights));
      let weights = known?.weights ?? flags.weights;
      if (known === undefined || known.pinned === null) {
        const { shape, commit, licence, files } = await readSource(plain, {}, signal);
        weights ??= recommendedWeights(shape, machine);
        const needs = modelNeeds(shape, weights, files.reduce((sum, { byteLength }) => sum + byteLength, 0), machine);
        output.note(`${flags.name ?? plain.name}${commit === null ? '' : ` at ${commit.slice(0, 12)}, licence ${licence ?? 'not stated'}`}: ${needsLine(needs)}`);
        if (flags.dryRun === true) {
          output.result({ needs, commit, licence }, '');
          return 0;
        }
      }
      const job = await createModelJob(home, given, { name: flags.name, weights: weights ?? 'float16' });
      const model = await runToTheEnd(home, job, { onProgress: output.progress, signal });
      output.result(describe(model), line(model));
      return 0;
    }));

  defineCommand(models, 'cancel <name>', 'give up a model that is on its way, and delete what has come of it', 'models cancel hour-llava-3b')
    .action((name: string, flags: { json?: boolean }) => runCommand(flags.json === true, async ({ output }) => {
      const home = openHome();
      const jobs = readJobs(home).filter((job) => job.name === name);
      if (jobs.length === 0) throw new LongtakeError('not-found', `No model "${name}" is on its way.`, { name });
      for (const { id } of jobs) await rm(jobDirectory(home, id), { recursive: true, force: true });
      output.result({ cancelled: jobs.map(describeJob) }, `Given up: ${name}.`);
      return 0;
    }));

  defineCommand(models, 'verify <name>', 'compare every file of a model with its hash', 'models verify demo')
    .addOption(weightsOption('which variant (default: the first)'))
    .action((name: string, flags: { json?: boolean; weights?: Weights }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const model = await resolveModel(openHome(), { name, weights: flags.weights }, { onProgress: output.progress, signal });
        await verifyModelPackage(model.directory, { onProgress: output.progress, signal });
        output.result({ ...describe(model), verified: true }, `${name}: every file is as it was written.`);
        return 0;
      }));

  defineCommand(models, 'remove <name>', 'delete an installed model; memories stay', 'models remove hour-llava-3b')
    .addOption(weightsOption('only this variant'))
    .action((name: string, flags: { json?: boolean; weights?: Weights }) =>
      runCommand(flags.json === true, async ({ output }) => {
        const removed = await removeModel(openHome(), name, flags.weights);
        output.result({ removed: removed.map(describe) }, `Removed ${removed.map(line).join('\n')}`);
        return 0;
      }));
}

/** Ctrl-C leaves the job paused; any other end leaves it failed, with its reason. Both go on with the same command. */
async function runToTheEnd(home: Home, job: ModelJobFile, options: Parameters<typeof runModelJob>[2]): Promise<InstalledModel> {
  try {
    return await runModelJob(home, job.id, options);
  } catch (error) {
    const left = readJob(home, job.id);
    if (left !== undefined && isLongtakeError(error) && error.code !== 'library-busy') {
      writeJob(home, { ...left, state: error.code === 'cancelled' ? 'paused' : 'failed', error: error.code === 'cancelled' ? null : { code: error.code, message: error.message, data: { ...error.data } } });
    }
    throw error;
  }
}

function parseSource(source: string, { revision = 'main', endpoint }: AddFlags): ModelSource {
  const mirror = endpoint === undefined ? {} : { endpoint };
  if (catalogue.some(({ name }) => name === source)) return { kind: 'catalogue', name: source, ...mirror };
  // A folder that is there wins over a repository of the same look.
  if (!existsSync(source) && /^[\w][\w.-]*\/[\w][\w.-]*$/u.test(source)) return { kind: 'hub', repository: source, revision, ...mirror };
  return { kind: 'folder', directory: path.resolve(source) };
}

function needsLine({ weights, downloadBytes: coming, diskBytes, packageBytes, memoryBytes, graphicsMemoryBytes, fitsDisk, fitsMemory }: ModelNeedsView): string {
  return `${weights.padEnd(7)}  ${coming === 0 ? '' : `${describeBytes(coming)} to download, `}${describeBytes(packageBytes)} kept`
    + `${fitsDisk ? '' : ` (needs ${describeBytes(diskBytes)} of disk, which is not free)`}; an answer about an hour takes ${describeBytes(memoryBytes)} of RAM`
    + `${fitsMemory ? '' : ' (more than there is)'} or ${describeBytes(graphicsMemoryBytes)} of graphics memory`;
}

function describeJob({ name, weights, source, pinned, state, error }: ModelJobFile): Record<string, unknown> {
  return { name, weights, source, commit: pinned?.commit ?? null, state, error };
}

function jobLine({ name, weights, state, error }: ModelJobFile): string {
  return `${name}  ${weights}, on its way: ${state}${error === null ? '' : `. ${error.message}`}`;
}

function describe({ name, directory, spec }: InstalledModel): Record<string, unknown> {
  const { family, weights, byteLength, encoderFingerprint, encoderName, label, vision, text, memaugDepth } = spec;
  return {
    name, directory, family, weights, byteLength, encoder: { name: encoderName, fingerprint: encoderFingerprint }, label,
    vision: { imageSize: vision.imageSize, layers: vision.layers }, memaugDepth,
    text: { layers: text.layers, hidden: text.hidden, maximumLength: text.maximumLength },
  };
}

function line({ name, spec }: InstalledModel): string {
  const notice = spec.label === undefined ? '' : `\n  ${spec.label}`;
  return `${name}  ${spec.family}, ${spec.weights}, ${describeBytes(spec.byteLength)}, encoder ${spec.encoderName}${notice}`;
}
