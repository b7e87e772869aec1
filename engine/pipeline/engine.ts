import path from 'node:path';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary, type Library } from '../library/index.ts';
import { openHourLlava, type HourLlava } from '../runtime/hour-llava.ts';
import { openHome, type Home } from './home.ts';
import { resolveModel, type InstalledModel } from './model-store.ts';
import type { AnswerSettings } from './settings.ts';

/** Everything that a job needs: the user's library, one model, and what runs it. Dispose it when the work is done. */
export type Engine = AsyncDisposable & {
  readonly home: Home;
  readonly library: Library;
  readonly model: InstalledModel;
  /** The model, loaded when it is first asked for. */
  runtime(): Promise<HourLlava>;
};

export async function openEngine(settings: Pick<AnswerSettings, 'model' | 'provider' | 'weights'>, options: WorkOptions = {}): Promise<Engine> {
  const home = openHome();
  const library = openLibrary(home.libraryFile);
  let runtime: Promise<HourLlava> | undefined;
  try {
    const model = await resolveModel(home, { name: settings.model, weights: settings.weights }, options);
    return {
      home, library, model,
      runtime: () => runtime ??= openHourLlava(model.directory, { provider: settings.provider }),
      async [Symbol.asyncDispose]() {
        library.close();
        // A model that could not be loaded has said so where it was asked for.
        await (await runtime?.catch(() => undefined))?.dispose();
      },
    };
  } catch (error) {
    library.close();
    throw error;
  }
}

/** The folder of a memory, from the entry in the library: entries are relative, so that the library can be moved. */
export function memoryDirectory(home: Home, entry: { readonly directory: string }): string {
  return path.resolve(home.memoriesDirectory, entry.directory);
}
