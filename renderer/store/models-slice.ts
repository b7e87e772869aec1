import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { ModelJobView, ModelSource } from '../../engine/protocol/methods-models.ts';
import type { MethodInput, MethodResult } from '../../engine/protocol/methods.ts';
import type { Slice } from './app-store.ts';
import { keepEqual } from './keep-equal.ts';

export type InstalledModel = StreamEvent<'models'>['models'][number];
export type Weights = InstalledModel['weights'];
export type Catalogue = MethodResult<'models.catalogue'>;
export type Machine = Catalogue['machine'];
export type Inspection = MethodResult<'models.inspect'>;

/** What comparing the files of a model with their hashes has come to. */
export type ModelCheck =
  | { readonly state: 'running'; readonly share: number | undefined; readonly stop: () => void }
  | { readonly state: 'whole'; readonly files: number; readonly byteLength: number }
  | { readonly state: 'failed'; readonly message: string };

/** Whether the model in use has MemAug; taken to be so until the engine has said what is installed. */
export const hasMemaug = ({ models }: Pick<ModelsSlice, 'models'>): boolean => models.find(({ inUse }) => inUse)?.hasMemaug ?? true;

/** What says which memories the model in use answers from; undefined until the engine has said what is installed. */
export const encoderInUse = ({ models }: Pick<ModelsSlice, 'models'>): string | undefined => models.find(({ inUse }) => inUse)?.encoderFingerprint;

export type ModelsSlice = {
  readonly models: readonly InstalledModel[];
  /** Models on their way: downloaded, then imported. */
  readonly modelJobs: readonly ModelJobView[];
  /** False until the engine has said once what is installed. */
  readonly modelsLoaded: boolean;
  readonly catalogue: Catalogue | undefined;
  /** Why there is none. */
  readonly catalogueError: string | undefined;
  readonly measuring: boolean;
  /** By {@link modelId}. */
  readonly checks: Readonly<Record<string, ModelCheck>>;
  takeModels(event: StreamEvent<'models'>): void;
  loadCatalogue(): Promise<void>;
  /** Times this machine, so that the catalogue can say how fast each model would be. */
  measureMachine(): Promise<void>;
  /** Finds out what the model in use runs on, where it has not been loaded yet. */
  tryModel(): Promise<void>;
  /** Stops the model that is being loaded, and what waits for it. */
  stopLoading(): Promise<void>;
  chooseModel(model: Pick<InstalledModel, 'name' | 'weights'>): Promise<void>;
  /** Where it is in use, the demo model takes its place first. */
  removeModel(model: InstalledModel): Promise<void>;
  verifyModel(model: InstalledModel): Promise<void>;
  /** True once it is on its way. */
  addModel(adding: MethodInput<'models.add'>): Promise<boolean>;
  /** What a source holds and needs. Throws what the engine says, for the form that asked. */
  inspectModel(source: ModelSource, token: string | undefined, signal: AbortSignal): Promise<Inspection>;
  pauseModelJob(jobId: string): Promise<void>;
  /** Lets a paused or failed one go on, with a token where one is given. */
  resumeModelJob(jobId: string, token?: string): Promise<void>;
  /** Stops it and deletes what has come. */
  cancelModelJob(jobId: string): Promise<void>;
};

/** The model that Longtake comes with. */
export const demoModel = 'demo';

/** A model in one precision; the id of the job that adds it, too. */
export const modelId = ({ name, weights }: Pick<InstalledModel, 'name' | 'weights'>): string => `${name}-${weights}`;

/** What a model is called: as its authors do, where the catalogue knows it. */
export function modelTitle(name: string, catalogue: Catalogue | undefined): string {
  return catalogue?.models.find((entry) => entry.name === name)?.title ?? name;
}

export const modelsSlice: Slice<ModelsSlice> = ({ link }) => (set, get) => {
  const setCheck = (id: string, check: ModelCheck | undefined): void => {
    const others = Object.entries(get().checks).filter(([each]) => each !== id);
    set({ checks: Object.fromEntries(check === undefined ? others : [...others, [id, check] as const]) });
  };
  const titleOf = (name: string): string => modelTitle(name, get().catalogue);

  /** Jobs whose model was not there yet. */
  const awaited = new Set<string>();

  return {
    models: [],
    modelJobs: [],
    modelsLoaded: false,
    catalogue: undefined,
    catalogueError: undefined,
    measuring: false,
    checks: {},
    takeModels({ models, jobs }) {
      const before = get();
      const present = new Set(models.map(modelId));
      set({ models: keepEqual(before.models, models), modelJobs: keepEqual(before.modelJobs, jobs), modelsLoaded: true });
      // What another model remembers of the video that is open is another memory.
      if (before.modelsLoaded && encoderInUse(before) !== encoderInUse(get())) get().refreshVideo();
      for (const job of jobs) if (!present.has(modelId(job))) awaited.add(job.id);
      for (const { id, name, weights } of before.modelJobs) {
        // A model may be there before its job is gone, and a job that made nothing new may be gone as well.
        if (jobs.some((job) => job.id === id) || !awaited.delete(id) || !present.has(modelId({ name, weights }))) continue;
        get().notify({ kind: 'done', textKey: 'models.installedNotice', values: { name: titleOf(name), weights } });
      }
    },
    async loadCatalogue() {
      try {
        const catalogue = await link.request('models.catalogue', {});
        set({ catalogue: keepEqual(get().catalogue, catalogue), catalogueError: undefined });
      } catch (error) {
        set({ catalogueError: wordsOf(error) });
      }
    },
    async measureMachine() {
      set({ measuring: true });
      const catalogue = await get().attempt(() => link.request('models.catalogue', { measure: true }));
      set({ measuring: false, ...(catalogue !== undefined && { catalogue, catalogueError: undefined }) });
    },
    async stopLoading() { await get().attempt(() => link.request('models.stopLoading', {})); },
    async tryModel() { await get().attempt(() => link.request('app.diagnostics', {})); },
    async chooseModel({ name, weights }) { await get().changeSettings({ model: name, weights }); },
    async removeModel(model) {
      const { name, weights } = model;
      await get().attempt(async () => {
        if (model.inUse) await link.request('settings.change', { model: demoModel, weights: null });
        await link.request('models.remove', { name, weights });
        setCheck(modelId(model), undefined);
        get().notify({ kind: 'done', textKey: 'models.removedNotice', values: { name: titleOf(name), weights } });
        await get().loadCatalogue();
      });
    },
    async verifyModel(model) {
      const id = modelId(model);
      const controller = new AbortController();
      const show = (share: number | undefined): void => { setCheck(id, { state: 'running', share, stop: () => { controller.abort(); } }); };
      show(undefined);
      try {
        const { files, byteLength } = await link.request('models.verify', { name: model.name, weights: model.weights }, {
          signal: controller.signal, onProgress: ({ done, total }) => { show(total === undefined || total === 0 ? undefined : Math.min(1, done / total)); },
        });
        setCheck(id, { state: 'whole', files, byteLength });
      } catch (error) {
        setCheck(id, isLongtakeError(error, 'cancelled') ? undefined : { state: 'failed', message: wordsOf(error) });
      }
    },
    async addModel(adding) {
      return await get().attempt(() => link.request('models.add', adding)) !== undefined;
    },
    inspectModel: (source, token, signal) => link.request('models.inspect', { source, ...(token !== undefined && { token }) }, { signal }),
    async pauseModelJob(jobId) { await get().attempt(() => link.request('models.pause', { jobId })); },
    async resumeModelJob(jobId, token) { await get().attempt(() => link.request('models.resume', { jobId, ...(token !== undefined && { token }) })); },
    async cancelModelJob(jobId) { await get().attempt(() => link.request('models.cancel', { jobId })); },
  };
};

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
