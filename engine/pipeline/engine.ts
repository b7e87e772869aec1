import path from 'node:path';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary, type Library } from '../library/index.ts';
import { openHourLlava, type HourLlava } from '../runtime/hour-llava.ts';
import { openHome, type Home } from './home.ts';
import { resolveModel, type InstalledModel } from './model-store.ts';
import type { AnswerSettings } from './settings.ts';

export type ModelPart = 'encode' | 'answer';

/** Everything that a job needs: the user's library, one model, and what runs it. Dispose it when the work is done. */
export type Engine = AsyncDisposable & {
  readonly home: Home;
  readonly library: Library;
  readonly model: InstalledModel;
  /** The part of the model that watches, or the part that answers: each is loaded when it is first asked for. */
  load(part: ModelPart): Promise<HourLlava>;
  /** Frees a part: an answer needs no tower, and an hour of watching no decoder. */
  unload(part: ModelPart): Promise<void>;
};

export type EngineSettings = Pick<AnswerSettings, 'model' | 'provider' | 'weights' | 'graphicsLimitBytes'>;

export type EngineOptions = WorkOptions & {
  /** Called when a part goes on on another device, because the one it was on has failed. */
  readonly onMoved?: ((runtime: HourLlava) => void) | undefined;
};

export async function openEngine(settings: EngineSettings, options: EngineOptions = {}): Promise<Engine> {
  const home = openHome();
  const library = openLibrary(home.libraryFile);
  try {
    const engine = await openEngineOn(home, library, settings, options);
    return {
      ...engine,
      async [Symbol.asyncDispose]() {
        library.close();
        await engine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    library.close();
    throw error;
  }
}

/** An engine on a library that is open already and stays open after it. */
export async function openEngineOn(home: Home, library: Library, settings: EngineSettings, options: EngineOptions = {}): Promise<Engine> {
  const loaded = new Map<ModelPart, Promise<HourLlava>>();
  const model = await resolveModel(home, { name: settings.model, weights: settings.weights }, options);
  const unload = async (part: ModelPart): Promise<void> => {
    const runtime = loaded.get(part);
    loaded.delete(part);
    // A model that could not be loaded has said so where it was asked for.
    await (await runtime?.catch(() => undefined))?.dispose();
  };
  return {
    home, library, model, unload,
    load(part) {
      const runtime = loaded.get(part) ?? openHourLlava(model.directory, { provider: settings.provider, parts: part, graphicsLimitBytes: settings.graphicsLimitBytes, onMoved: options.onMoved });
      loaded.set(part, runtime);
      // What failed may work the next time: memory is free again, a driver is there.
      runtime.catch(() => { if (loaded.get(part) === runtime) loaded.delete(part); });
      return runtime;
    },
    async [Symbol.asyncDispose]() {
      for (const part of [...loaded.keys()]) await unload(part);
    },
  };
}

/** The folder of a memory, from the entry in the library: entries are relative, so that the library can be moved. */
export function memoryDirectory(home: Home, entry: { readonly directory: string }): string {
  return path.resolve(home.memoriesDirectory, entry.directory);
}
