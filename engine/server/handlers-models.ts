import type { modelMethods } from '../protocol/methods-models.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { MethodHandlers, MethodResult } from '../protocol/methods.ts';
import { answerNeeds } from '../models/memory-needs.ts';
import { verifyModelPackage } from '../models/package.ts';
import { listModels, removeModel, resolveModel, type InstalledModel } from '../pipeline/model-store.ts';
import { readSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';

export function createModelHandlers(workspace: Workspace): MethodHandlers<keyof typeof modelMethods> {
  const { home, library, changes, host } = workspace;
  return {
    'models.list': async () => ({ models: await listInstalled(workspace) }),
    'models.catalogue': notBuilt,
    'models.inspect': notBuilt,
    'models.add': notBuilt,
    'models.pause': notBuilt,
    'models.resume': notBuilt,
    'models.cancel': notBuilt,
    'models.remove': async ({ name }) => {
      if (readSettings(library).model === name) await host.reset();
      await removeModel(home, name);
      changes.emit({ topic: 'models' });
      return {};
    },
    'models.verify': async ({ name, weights }, options) => {
      const { directory } = await resolveModel(home, { name, weights }, options);
      const { files, byteLength } = await verifyModelPackage(directory, options);
      return { files: files.length, byteLength };
    },
  };
}

function notBuilt(): never {
  throw new LongtakeError('internal', 'Downloading models is being built.');
}

/** Every installed model, the demo model among them. */
export async function listInstalled(workspace: Workspace): Promise<MethodResult<'models.list'>['models']> {
  await workspace.host.spec().catch(() => undefined); // prepares the demo model, so that a first list is not empty
  return (await listModels(workspace.home)).map((model) => describeModel(workspace, model));
}

const hourSeconds = 3600;

function describeModel({ library }: Workspace, { name, spec }: InstalledModel): MethodResult<'models.list'>['models'][number] {
  const { family, weights, byteLength, encoderName, encoderFingerprint, label, text } = spec;
  const settings = readSettings(library);
  const hourTokens = hourSeconds * (spec.tokensPerFrame + 1);
  return {
    name, family, weights, byteLength, encoderName, encoderFingerprint, maximumTokens: text.maximumLength,
    inUse: settings.model === name && (settings.weights === null || settings.weights === weights),
    memoryBytes: answerNeeds(spec, 'float32', hourTokens).totalBytes,
    graphicsMemoryBytes: answerNeeds(spec, weights === 'float32' ? 'float32' : 'float16', hourTokens).totalBytes,
    ...(label !== undefined && { label }),
  };
}
