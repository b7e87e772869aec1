import path from 'node:path';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary, type Library } from '../library/index.ts';
import { openVideoModel, type VideoModel } from '../runtime/video-model.ts';
import { openHome, type Home } from './home.ts';
import { resolveModel, type InstalledModel } from './model-store.ts';
import type { AnswerSettings } from './settings.ts';

export type ModelPart = 'encode' | 'answer';

/** Everything that a job needs: the user's library, one model, and what runs it. Dispose it when the work is done. */
export type Engine = AsyncDisposable & {
  readonly home: Home;
  readonly library: Library;
  readonly model: InstalledModel;
  /**
   * The part of the model that watches, or the part that answers: each is loaded when it is first asked for. The signal of whoever
   * asks first stops the loading for all who wait for it, who get `cancelled`; the next one loads it again.
   */
  load(part: ModelPart, signal?: AbortSignal): Promise<VideoModel>;
  /** Whether a part is loaded, and not only on its way. */
  isLoaded(part: ModelPart): boolean;
  /** Frees a part: an answer needs no tower, and an hour of watching no decoder. */
  unload(part: ModelPart): Promise<void>;
};

export type EngineSettings = Pick<AnswerSettings, 'model' | 'provider' | 'weights' | 'graphicsLimitBytes'>;

export type EngineOptions = WorkOptions & {
  /** Called when a part goes on on another device, because the one it was on has failed. */
  readonly onMoved?: ((runtime: VideoModel) => void) | undefined;
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

/** A part of a model that is loaded or on its way, and what stops it while it is. */
type LoadedPart = { readonly runtime: Promise<VideoModel>; readonly signal: AbortSignal; ready: boolean };

/** An engine on a library that is open already and stays open after it. */
export async function openEngineOn(home: Home, library: Library, settings: EngineSettings, options: EngineOptions = {}): Promise<Engine> {
  const loaded = new Map<ModelPart, LoadedPart>();
  const model = await resolveModel(home, { name: settings.model, weights: settings.weights }, options);
  const unload = async (part: ModelPart): Promise<void> => {
    const held = loaded.get(part);
    loaded.delete(part);
    // A model that could not be loaded has said so where it was asked for.
    await (await held?.runtime.catch(() => undefined))?.dispose();
  };
  return {
    home, library, model, unload,
    load(part, signal) {
      const known = loaded.get(part);
      if (known !== undefined && (known.ready || !known.signal.aborted)) return known.runtime;
      const stopping = AbortSignal.any([signal, options.signal].filter((each) => each !== undefined));
      const open = async (): Promise<VideoModel> => {
        // One that was stopped frees what it has taken first: there may be no room for both.
        await known?.runtime.catch(() => undefined);
        return await openVideoModel(model.directory, {
          provider: settings.provider, parts: part, graphicsLimitBytes: settings.graphicsLimitBytes, onMoved: options.onMoved, signal: stopping,
        });
      };
      const held: LoadedPart = { runtime: open(), signal: stopping, ready: false };
      loaded.set(part, held);
      // What failed may work the next time: memory is free again, a driver is there.
      held.runtime.then(() => { held.ready = true; }, () => { if (loaded.get(part) === held) loaded.delete(part); });
      return held.runtime;
    },
    isLoaded: (part) => loaded.get(part)?.ready === true,
    async [Symbol.asyncDispose]() {
      for (const part of [...loaded.keys()]) await unload(part);
    },
  };
}

/** The folder of a memory, from the entry in the library: entries are relative, so that the library can be moved. */
export function memoryDirectory(home: Home, entry: { readonly directory: string }): string {
  return path.resolve(home.memoriesDirectory, entry.directory);
}
