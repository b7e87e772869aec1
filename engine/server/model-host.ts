import { z } from 'zod';
import { toWireError, type WireError } from '../protocol/envelope.ts';
import { isLongtakeError } from '../protocol/errors.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { Library } from '../library/index.ts';
import type { Memory } from '../memory/index.ts';
import { Answerer } from '../pipeline/answerer.ts';
import { openEngineOn, type Engine, type ModelPart } from '../pipeline/engine.ts';
import type { Home } from '../pipeline/home.ts';
import type { TimeRange } from '../pipeline/repository.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import type { Changes } from './changes.ts';
import { answerSettings } from './settings.ts';

export type ModelStatus = {
  readonly state: 'idle' | 'preparing' | 'loading' | 'ready' | 'failed';
  readonly name: string;
  readonly label?: string;
  readonly share?: number;
  readonly provider?: string;
  readonly refusedProviders: readonly { readonly provider: string; readonly reason: string }[];
  readonly error?: WireError | undefined;
};

/** How many memories keep their keys and values loaded: a whole one and a range of it. An hour of the 3B model takes a gigabyte. */
const keptAnswerers = 2;

/** One model that is open, and what was computed with it. */
class OpenModel {
  readonly settings: AnswerSettings;
  readonly engine: Engine;
  users = 0;
  stale = false;
  readonly #answerers = new Map<string, Answerer>();

  constructor(engine: Engine, settings: AnswerSettings) {
    this.engine = engine;
    this.settings = settings;
  }

  /** Keys and values are kept for the next question about the same part of the same memory. Ask one question at a time. */
  answerer(engine: Engine, settings: AnswerSettings, memory: Memory, range: TimeRange | undefined): Answerer {
    const key = JSON.stringify([memory.directory, memory.frameCount, range, settings]);
    const found = this.#answerers.get(key) ?? new Answerer(engine, settings, memory, range);
    this.#answerers.delete(key);
    this.#answerers.set(key, found);
    for (const [oldKey, old] of [...this.#answerers].slice(0, -keptAnswerers)) {
      old[Symbol.dispose]();
      this.#answerers.delete(oldKey);
    }
    return found;
  }

  async dispose(): Promise<void> {
    for (const answerer of this.#answerers.values()) answerer[Symbol.dispose]();
    this.#answerers.clear();
    await this.engine[Symbol.asyncDispose]();
  }
}

type Loading = { readonly model: OpenModel; readonly part: ModelPart; readonly controller: AbortController };

export type ModelUse = { readonly engine: Engine; readonly answerer: (memory: Memory, range: TimeRange | undefined) => Answerer };

/**
 * The one model that encodes and answers are made with. It is opened when it is first needed and shared by all of them;
 * after a change of the settings, work that has begun ends with the old one, which then goes.
 */
export class ModelHost {
  readonly #home: Home;
  readonly #library: Library;
  readonly #changes: Changes;
  readonly #closing = new AbortController();
  readonly #loading = new Set<Loading>();
  #opening: Promise<OpenModel> | undefined;
  #status: Omit<ModelStatus, 'name'> = { state: 'idle', refusedProviders: [] };

  constructor(home: Home, library: Library, changes: Changes) {
    this.#home = home;
    this.#library = library;
    this.#changes = changes;
  }

  get status(): ModelStatus {
    return { ...this.#status, name: answerSettings(this.#library).model };
  }

  /** Dimensions and encoder of the model in use; prepares its package on first use. */
  async spec(): Promise<ModelSpec> {
    return await this.use(({ engine }) => Promise.resolve(engine.model.spec));
  }

  /** Opens the model where it is not open, and keeps it open while `work` runs. */
  async use<Result>(work: (use: ModelUse) => Promise<Result>): Promise<Result> {
    let model = await this.#open();
    while (model.stale) model = await this.#open(); // reset while it was being opened
    model.users++;
    try {
      // Encoding and answering go on side by side here, so neither frees the other's part (see `freeEncoder`).
      const engine: Engine = { ...model.engine, load: (part) => this.#load(model, part), unload: () => Promise.resolve() };
      const settings = answerSettings(this.#library);
      return await work({ engine, answerer: (memory, range) => model.answerer(engine, settings, memory, range) });
    } finally {
      model.users--;
      if (model.stale && model.users === 0) await model.dispose();
    }
  }

  /** Finds out what the model runs on here, where no part of it has been loaded. What goes wrong is in the status. */
  async tryProviders(): Promise<void> {
    if (this.#status.provider !== undefined) return;
    const model = await this.#open().catch(() => undefined);
    if (model === undefined) return;
    await this.use(async ({ engine }) => {
      await engine.load('encode').catch(() => undefined);
      if (model.users === 1) await model.engine.unload('encode');
    }).catch(() => undefined);
  }

  /** Parts that are being loaded. */
  get loading(): readonly ModelPart[] {
    return [...this.#loading].map(({ part }) => part);
  }

  /**
   * Stops the loading of every part that is on its way: whoever waits for one gets `cancelled` as soon as the graph or the piece of weights
   * that is being read has come to its end. The next use loads it again; see `stopLoading` for who would be next.
   */
  stopLoading(): void {
    const stopped = [...this.#loading];
    this.#loading.clear();
    for (const { controller } of stopped) controller.abort();
    if (stopped.some(({ model }) => !model.stale)) this.#setStatus({ ...this.#status, state: 'ready' });
  }

  /** Frees the tower once there is nothing to encode. */
  async freeEncoder(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.engine.unload('encode');
  }

  /** For changed settings: the next use opens the model that they name. */
  async reset(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#setStatus({ state: 'idle', refusedProviders: [] });
    const model = await opening?.catch(() => undefined);
    if (model === undefined) return;
    model.stale = true;
    if (model.users === 0) await model.dispose();
  }

  /** As {@link reset}, where another process has changed the settings so that the model that is open is no longer the one that is meant. */
  async follow(): Promise<void> {
    const open = await this.#opening?.catch(() => undefined);
    if (open !== undefined && needsOther(open.settings, answerSettings(this.#library))) await this.reset();
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    await this.reset();
  }

  async #open(): Promise<OpenModel> {
    this.#opening ??= this.#start();
    const opening = this.#opening;
    try {
      return await opening;
    } catch (error) {
      if (this.#opening === opening) {
        this.#opening = undefined;
        this.#setStatus({ state: 'failed', refusedProviders: [], error: toWireError(error) });
      }
      throw error;
    }
  }

  async #start(): Promise<OpenModel> {
    const settings = answerSettings(this.#library);
    this.#setStatus({ state: 'preparing', refusedProviders: [] });
    const engine = await openEngineOn(this.#home, this.#library, settings, {
      signal: this.#closing.signal,
      onMoved: ({ provider, refusedProviders }) => { this.#setStatus({ ...this.#status, provider, refusedProviders }); },
      onProgress: ({ done, total }) => { this.#setStatus({ state: 'preparing', refusedProviders: [], ...(total !== undefined && total > 0 && { share: done / total }) }); },
    });
    const { label } = engine.model.spec;
    this.#setStatus({ state: 'ready', refusedProviders: [], ...(label !== undefined && { label }) });
    return new OpenModel(engine, settings);
  }

  async #load(model: OpenModel, part: ModelPart): ReturnType<Engine['load']> {
    if (model.engine.isLoaded(part)) return await model.engine.load(part);
    const known = [...this.#loading].find((each) => each.model === model && each.part === part);
    const loading = known ?? { model, part, controller: new AbortController() };
    if (known === undefined) {
      this.#loading.add(loading);
      if (!model.stale) this.#setStatus({ ...this.#status, state: 'loading', error: undefined });
    }
    try {
      const runtime = await model.engine.load(part, loading.controller.signal);
      // Of several who waited, the first one says so.
      if (this.#loading.delete(loading) && !model.stale) {
        const { provider, refusedProviders } = runtime;
        this.#setStatus({ ...this.#status, state: this.loading.length > 0 ? 'loading' : 'ready', provider, refusedProviders });
      }
      return runtime;
    } catch (error) {
      if (this.#loading.delete(loading) && !isLongtakeError(error, 'cancelled')) {
        this.#setStatus({ ...this.#status, state: 'failed', refusedProviders: refusedBy(error), error: toWireError(error) });
      }
      throw error;
    }
  }

  #setStatus(status: Omit<ModelStatus, 'name'>): void {
    this.#status = status;
    this.#changes.emit({ topic: 'model' });
  }
}

function needsOther(open: AnswerSettings, wanted: AnswerSettings): boolean {
  return open.model !== wanted.model || open.provider !== wanted.provider || open.weights !== wanted.weights || open.graphicsLimitBytes !== wanted.graphicsLimitBytes;
}

/** What a failed choice of a provider says about each that was tried. */
function refusedBy(error: unknown): ModelStatus['refusedProviders'] {
  const parsed = refusedSchema.safeParse(isLongtakeError(error, 'provider-unavailable') ? error.data['refused'] : []);
  return parsed.success ? parsed.data : [];
}
const refusedSchema = z.array(z.object({ provider: z.string(), reason: z.string() }));
