import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fileNameOf } from '../format/paths.ts';
import type { Slice } from './app-store.ts';
import { wantsAsking, type Forecast, type Plan } from './forecast.ts';
import { leaveWaiting, takeWaiting, type WaitingQuestion } from './kept-waiting.ts';
import { saidOf } from './said-of.ts';
import { isDemonstration } from './settings-slice.ts';

/** Something that is being brought into the library: looked into, or copied from a browser first. */
export type Arrival = {
  readonly id: string;
  readonly name: string;
  /** Of the copy, 0 to 1; undefined while the engine looks into it. */
  readonly share: number | undefined;
  readonly stop: () => void;
};

export type AddingSlice = {
  readonly arrivals: readonly Arrival[];
  /** What the encode of a video was forecast to take, by video. */
  readonly forecasts: Readonly<Record<string, Forecast['files'][number]>>;
  /** A question that is asked as soon as its video is encoded. */
  readonly waitingQuestion: WaitingQuestion | undefined;
  /** Files and folders by path. What takes long or does not fit is asked about first; memories (.longtake) are imported. */
  addPaths(paths: readonly string[]): Promise<void>;
  /** Puts them into the queue: each is taken, or refused by itself in words. */
  enqueue(plan: Plan): Promise<void>;
  /** Files that were dropped on the page. */
  addFiles(files: readonly File[]): Promise<void>;
  /** With a question: it is asked once the sample is encoded. */
  addSample(question?: string): Promise<void>;
  /** Asks it now, of what is encoded so far, or at once where all is. */
  askWaiting(): Promise<void>;
  discardWaiting(): void;
  /** The page goes: what it has alone is left for the one that is loaded next in this window. One that comes back after all has it still. */
  leave(): void;
  comeBack(): void;
};

export const addingSlice: Slice<AddingSlice> = ({ link, shell }) => (set, get) => {
  const arrive = (name: string): { signal: AbortSignal; change(share: number | undefined): void; end(): void } => {
    const controller = new AbortController();
    const id = crypto.randomUUID();
    set({ arrivals: [...get().arrivals, { id, name, share: undefined, stop: () => { controller.abort(); } }] });
    return {
      signal: controller.signal,
      change(share) { set({ arrivals: get().arrivals.map((one) => one.id === id ? { ...one, share } : one) }); },
      end() { set({ arrivals: get().arrivals.filter((one) => one.id !== id) }); },
    };
  };
  const forecastOf = async (paths: readonly string[], signal: AbortSignal): Promise<Forecast | undefined> => {
    try {
      return await link.request('queue.forecast', { paths: [...paths] }, { signal });
    } catch (error) {
      if (isLongtakeError(error, 'cancelled')) throw error;
      return undefined;
    }
  };

  let beingAsked: AddingSlice['waitingQuestion'];

  return {
    arrivals: [],
    forecasts: {},
    waitingQuestion: takeWaiting(),
    async addPaths(paths) {
      const memories = paths.filter((path) => path.toLowerCase().endsWith('.longtake'));
      const others = paths.filter((path) => !memories.includes(path));
      for (const file of memories) await get().importMemory(file);
      const [first] = others;
      if (first === undefined) return;
      const { signal, end } = arrive(others.length === 1 ? fileNameOf(first) : `${fileNameOf(first)} + ${others.length - 1}`);
      const plan = await get().attempt(async () => ({ paths: others, forecast: await forecastOf(others, signal) }));
      end();
      if (plan === undefined) return;
      if (wantsAsking(plan.forecast, isDemonstration(get()))) get().showDialog({ kind: 'forecast', plan });
      else await get().enqueue(plan);
    },
    async enqueue({ paths, forecast: whole }) {
      const [first] = paths;
      if (first === undefined) return;
      const { signal, end } = arrive(paths.length === 1 ? fileNameOf(first) : `${fileNameOf(first)} + ${paths.length - 1}`);
      await get().attempt(async () => {
        const { results } = await link.request('queue.add', { paths: [...paths] }, { signal });
        const forecasts = { ...get().forecasts };
        for (const result of results) {
          const forecast = whole?.files.find(({ path }) => path === result.path);
          if (result.outcome === 'queued' && forecast !== undefined) forecasts[result.videoId] = forecast;
        }
        set({ forecasts });
        // By what is wrong with them: of a folder with many bad files each would push away what was said of another.
        for (const [{ path, error }, ...others] of alike(results)) get().notify({ kind: 'error', code: error.code, ...saidOf(path, error.message), others: others.map((other) => fileNameOf(other.path)) });
        const taken = results.find((result) => result.outcome !== 'refused');
        if (taken !== undefined) get().selectVideo(taken.videoId);
      });
      end();
    },
    async addFiles(files) {
      const paths: string[] = [];
      for (const file of files) {
        const { signal, change, end } = arrive(file.name);
        const path = await get().attempt(() => shell.bringIn(file, { signal, onProgress: change }));
        end();
        if (path !== undefined) paths.push(path);
      }
      if (paths.length > 0) await get().addPaths(paths);
    },
    async addSample(question) {
      await get().attempt(async () => {
        const { videoId, jobId } = await link.request('queue.addSample', {});
        if (question !== undefined) set({ waitingQuestion: { videoId, question } });
        get().selectVideo(videoId);
        // In a narrow window the film would hide what was asked.
        if (question !== undefined) get().showTab('conversation');
        if (question !== undefined && jobId === null) await get().askWaiting();
      });
    },
    async askWaiting() {
      const { waitingQuestion: waiting, selectedVideoId } = get();
      if (waiting === undefined || waiting.videoId !== selectedVideoId || waiting === beingAsked) return;
      // It stays in sight until it stands in the conversation.
      beingAsked = waiting;
      const asked = await get().ask(waiting.question);
      beingAsked = undefined;
      if (asked && get().waitingQuestion === waiting) set({ waitingQuestion: undefined });
    },
    discardWaiting() { set({ waitingQuestion: undefined }); },
    leave() {
      const { waitingQuestion } = get();
      // What is on its way to the engine arrives there, and is not asked once more.
      leaveWaiting(waitingQuestion === beingAsked ? undefined : waitingQuestion);
      get().tellDrafts();
    },
    comeBack() { takeWaiting(); },
  };
};

type Refused = Extract<MethodResult<'queue.add'>['results'][number], { outcome: 'refused' }>;

/** What was refused, together what the same sentence is true of but for the name. */
function alike(results: MethodResult<'queue.add'>['results']): (readonly [Refused, ...Refused[]])[] {
  const groups = new Map<string, [Refused, ...Refused[]]>();
  for (const result of results) {
    if (result.outcome !== 'refused') continue;
    const sentence = result.error.message.replaceAll(JSON.stringify(result.path), '');
    const group = groups.get(sentence);
    if (group === undefined) groups.set(sentence, [result]);
    else group.push(result);
  }
  return [...groups.values()];
}
