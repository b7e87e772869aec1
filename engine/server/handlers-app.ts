import { existsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { appMethods } from '../protocol/methods-app.ts';
import type { MethodHandlers, MethodResult } from '../protocol/methods.ts';
import { findMediaTools } from '../media/index.ts';
import { sampleQuestions, sampleVideoFile, videoTitle } from '../pipeline/pebble-town.ts';
import { freeBytes } from '../pipeline/storage.ts';
import { changeSettings, readSettings } from './settings.ts';
import { engineVersion, runtimeVersion } from './version.ts';
import type { Workspace } from './workspace.ts';

export function createAppHandlers(workspace: Workspace): MethodHandlers<keyof typeof appMethods> {
  const { home, library, changes, host, programs } = workspace;
  return {
    'app.info': () => ({
      version: engineVersion, processId: process.pid, home: home.root, sample: existsSync(sampleVideoFile) ? { title: videoTitle(sampleVideoFile), questions: [...sampleQuestions()] } : null, model: host.status,
    }),
    'app.diagnostics': async () => await diagnose(workspace),
    'programs.get': () => programs.state,
    'programs.set': async ({ on }) => await programs.set(on),
    'settings.get': () => readSettings(library),
    'settings.change': async (change) => {
      const { settings, otherModel } = changeSettings(library, change);
      changes.emit({ topic: 'settings' });
      if (otherModel) await host.reset();
      return settings;
    },
  };
}

async function diagnose({ home, host }: Workspace): Promise<MethodResult<'app.diagnostics'>> {
  await host.tryProviders();
  const [first] = cpus();
  return {
    versions: { longtake: engineVersion, 'onnxruntime-node': runtimeVersion, node: process.versions.node, v8: process.versions.v8, sqlite: process.versions['sqlite'] ?? 'unknown' },
    platform: `${process.platform}-${process.arch}`,
    processors: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    memoryBytes: totalmem(), freeMemoryBytes: freemem(), residentBytes: process.memoryUsage.rss(),
    freeDiskBytes: await freeBytes(home.root),
    home: home.root,
    ffmpeg: await findMediaTools().then(({ version, source, ffmpeg }) => ({ version, source, path: ffmpeg }), (error: unknown) => ({ missing: String(error) })),
    model: { ...host.status, refusedProviders: [...host.status.refusedProviders] },
  };
}
