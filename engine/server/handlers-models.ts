import type { modelMethods } from '../protocol/methods-models.ts';
import type { MethodHandlers, MethodResult } from '../protocol/methods.ts';
import { catalogue, downloadBytes } from '../models/catalogue.ts';
import { totalParameters } from '../models/needs.ts';
import { verifyModelPackage } from '../models/package.ts';
import type { ModelShape } from '../models/spec.ts';
import { modelNeeds, readMachine, recommendedWeights, type Machine } from '../pipeline/model-needs.ts';
import { readOrigin } from '../pipeline/model-origin.ts';
import { plainSource, readSource } from '../pipeline/model-source.ts';
import { listModels, removeModel, resolveModel, type InstalledModel } from '../pipeline/model-store.ts';
import { graphicsMemory } from '../runtime/graphics-memory.ts';
import { forecastSpeed, measureSpeed, speedClass, type MachineSpeed } from '../runtime/speed.ts';
import { readMachineSpeed, writeMachineSpeed } from './machine-speed.ts';
import { readSettings } from './settings.ts';
import { stopLoading } from './stop-loading.ts';
import type { Workspace } from './workspace.ts';

const formats = ['float16', 'int8', 'int4'] as const;

export function createModelHandlers(workspace: Workspace): MethodHandlers<keyof typeof modelMethods> {
  const { home, library, changes, host, modelJobs } = workspace;
  return {
    'models.list': async () => ({ models: await listInstalled(workspace) }),
    'models.catalogue': async ({ measure }) => {
      const installed = await listModels(home);
      const { provider } = readSettings(library);
      let speed = readMachineSpeed(library, provider);
      if (measure && speed === undefined) {
        speed = await measureSpeed(provider);
        writeMachineSpeed(library, provider, speed);
      }
      const machine = await knownMachine(workspace);
      return {
        models: catalogue.map(({ name, title, description, repository, licence, shape }) => {
          const recommended = recommendedWeights(shape, machine);
          return {
            name, title, description, repository, licence, parameters: totalParameters(shape), downloadBytes: downloadBytes(shape), recommended,
            installed: installed.filter((model) => model.name === name).map(({ spec }) => spec.weights),
            needs: allNeeds(shape, downloadBytes(shape), machine),
            speed: speed === undefined ? null : describeSpeed(shape, recommended, speed),
          };
        }),
        machine: { ...machine, graphicsMemoryBytes: await graphicsMemory() },
      };
    },
    'models.inspect': async ({ source, token }, { signal }) => {
      const plain = plainSource(source);
      const { commit, licence, shape, files } = await readSource(plain, { token }, signal);
      const machine = await knownMachine(workspace);
      return {
        name: plain.name, from: plain.kind === 'hub' ? plain.repository : plain.directory, commit, licence,
        needs: allNeeds(shape, files.reduce((sum, { byteLength }) => sum + byteLength, 0), machine),
        machine: { ...machine, graphicsMemoryBytes: await graphicsMemory() },
      };
    },
    'models.add': async ({ source, name, weights, token }) => ({ job: await modelJobs.add(source, { name, weights, token }) }),
    'models.pause': async ({ jobId }) => {
      await modelJobs.pause(jobId);
      return {};
    },
    'models.resume': ({ jobId, token }) => {
      modelJobs.resume(jobId, token);
      return {};
    },
    'models.cancel': async ({ jobId }) => {
      await modelJobs.cancel(jobId);
      return {};
    },
    'models.stopLoading': () => {
      stopLoading(workspace);
      return {};
    },
    'models.remove': async ({ name, weights }) => {
      if (readSettings(library).model === name) await host.reset();
      await removeModel(home, name, weights);
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

/** Every installed model, the demo model among them. */
export async function listInstalled(workspace: Workspace): Promise<MethodResult<'models.list'>['models']> {
  await workspace.host.spec().catch(() => undefined); // prepares the demo model, so that a first list is not empty
  const machine = await knownMachine(workspace);
  return await Promise.all((await listModels(workspace.home)).map((model) => describeModel(workspace, model, machine)));
}

/** The machine, with what was measured of the provider that is chosen. */
async function knownMachine({ home, library }: Workspace): Promise<Machine> {
  return await readMachine(home, readMachineSpeed(library, readSettings(library).provider)?.kernels === 'own');
}

async function describeModel({ library }: Workspace, { name, directory, spec }: InstalledModel, machine: Machine): Promise<MethodResult<'models.list'>['models'][number]> {
  const { family, memaugDepth, weights, byteLength, encoderName, encoderFingerprint, label, text } = spec;
  const settings = readSettings(library);
  const { memoryBytes, graphicsMemoryBytes } = modelNeeds(spec, weights, 0, machine);
  const origin = await readOrigin(directory);
  return {
    name, family, hasMemaug: memaugDepth > 0, weights, byteLength, encoderName, encoderFingerprint, maximumTokens: text.maximumLength,
    inUse: settings.model === name && (settings.weights === null || settings.weights === weights),
    memoryBytes, graphicsMemoryBytes, ...(label !== undefined && { label }), ...(origin !== undefined && { origin }),
  };
}

function allNeeds(shape: ModelShape, comingBytes: number, machine: Machine): MethodResult<'models.inspect'>['needs'] {
  return formats.map((weights) => modelNeeds(shape, weights, comingBytes, machine));
}

function describeSpeed(shape: ModelShape, weights: (typeof formats)[number] | 'float32', speed: MachineSpeed): NonNullable<MethodResult<'models.catalogue'>['models'][number]['speed']> {
  const forecast = forecastSpeed(shape, weights, speed);
  return { ...forecast, class: speedClass(forecast), provider: speed.provider };
}
