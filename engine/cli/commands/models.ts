import path from 'node:path';
import { Option, type Command } from 'commander';
import { openHome } from '../../pipeline/home.ts';
import { installModel, listModels, removeModel, resolveModel, demoModelName, type InstalledModel } from '../../pipeline/model-store.ts';
import { verifyModelPackage } from '../../models/package.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { formatBytes } from '../output.ts';
import { defineCommand, runCommand } from '../run.ts';

export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('what is installed; install a checkpoint, check or remove a model')
    .addHelpText('after', '\nExample:\n  longtake models install ~/checkpoints/hourllava-qwen25-3b-s3 --weights int4');

  defineCommand(models, 'list', 'installed models (the default)', 'models list').action((flags: { json?: boolean }) =>
    runCommand(flags.json === true, async ({ output, signal }) => {
      const home = openHome();
      await resolveModel(home, { name: demoModelName }, { onProgress: output.progress, signal });
      const installed = await listModels(home);
      output.result({ models: installed.map(describe) }, installed.map(line).join('\n'));
      return 0;
    }));

  defineCommand(models, 'install <checkpoint>', 'make a model of a Hugging Face checkpoint folder',
    'models install ~/checkpoints/hourllava-qwen25-3b-s3 --weights int4')
    .option('--name <name>', 'what to call it (default: the folder\'s name)')
    .addOption(new Option('--weights <kind>', 'how weights are kept').choices(['float32', 'float16', 'int8', 'int4']).default('float16'))
    .action((checkpoint: string, flags: { json?: boolean; name?: string; weights: ModelSpec['weights'] }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const directory = path.resolve(checkpoint);
        const model = await installModel(openHome(), directory, flags.name ?? path.basename(directory), flags.weights, { onProgress: output.progress, signal });
        output.result(describe(model), line(model));
        return 0;
      }));

  defineCommand(models, 'verify <name>', 'compare every file of a model with its hash', 'models verify demo')
    .action((name: string, flags: { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const model = await resolveModel(openHome(), { name }, { onProgress: output.progress, signal });
        await verifyModelPackage(model.directory, { onProgress: output.progress, signal });
        output.result({ ...describe(model), verified: true }, `${name}: every file is as it was written.`);
        return 0;
      }));

  defineCommand(models, 'remove <name>', 'delete an installed model; memories stay', 'models remove hourllava-qwen25-3b-s3')
    .action((name: string, flags: { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output }) => {
        const removed = await removeModel(openHome(), name);
        output.result({ removed: removed.map(describe) }, `Removed ${removed.map(line).join('\n')}`);
        return 0;
      }));
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
  return `${name}  ${spec.family}, ${spec.weights}, ${formatBytes(spec.byteLength)}, encoder ${spec.encoderName}${notice}`;
}
