import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fileNameOf } from '../format/paths.ts';
import type { TimeRange } from '../geometry/range.ts';
import type { BringInOptions } from '../shell/shell.ts';
import type { Slice } from './app-store.ts';
import { newKey } from './conversation-slice.ts';
import { wantsAsking, type Forecast, type Plan } from './forecast.ts';
import { keepEqual } from './keep-equal.ts';
import { saidOf } from './said-of.ts';
import { isDemonstration } from './settings-slice.ts';
import { isSameQuestion, oneAtATime, parseWaiting, type WaitingQuestion } from './waiting-question.ts';

/** Something that is being brought into the library: looked into, or copied from a browser first. */
export type Arrival = {
  readonly id: string;
  readonly name: string;
  /** Of the copy, 0 to 1; undefined while the engine looks into it. */
  readonly share: number | undefined;
  readonly stop: () => void;
};

/** A file that was dropped on the page, with the subtitles that were dropped beside it. */
export type BroughtFile = { readonly file: File; readonly subtitles: readonly File[] };

export type AddingSlice = {
  readonly arrivals: readonly Arrival[];
  /** What the encode of a video was forecast to take, by video. */
  readonly forecasts: Readonly<Record<string, Forecast['files'][number]>>;
  /** A question that is asked as soon as its video is encoded. The engine keeps it, for every window and the next start. */
  readonly waitingQuestion: WaitingQuestion | undefined;
  /** Files and folders by path. What takes long or does not fit is asked about first; memories (.longtake) are imported. */
  addPaths(paths: readonly string[], folder?: string): Promise<void>;
  /** Puts them into the queue: each is taken, or refused by itself in words. */
  enqueue(plan: Plan): Promise<void>;
  /** Files that were dropped on the page, all of one folder where that is named. */
  addFiles(files: readonly BroughtFile[], folder?: string): Promise<void>;
  /** With a question: it is asked once the sample is encoded. */
  addSample(question?: string): Promise<void>;
  /** Has a person's own question wait for the encode of the video that is open. False where one waits for it already. */
  waitToAsk(question: string, range?: TimeRange): Promise<boolean>;
  /** Asks it now, of what is encoded so far, or at once where all is. */
  askWaiting(): Promise<void>;
  discardWaiting(): void;
  /** Takes what the engine keeps. */
  takeWaiting(kept: unknown): void;
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

  let beingAsked = false;
  const keepWaiting = async (waiting: WaitingQuestion | undefined): Promise<void> => {
    await link.request('settings.change', { interface: { waitingQuestion: waiting ?? null } });
  };

  const wait = async (waiting: WaitingQuestion): Promise<void> => {
    const before = get().waitingQuestion;
    await keepWaiting(waiting);
    set({ waitingQuestion: waiting });
    // One waits at a time: that of another film is a draft of it again.
    if (before === undefined || beingAsked || before.videoId === waiting.videoId) return;
    const key = newKey(before.videoId);
    get().setDraft(key, [get().drafts[key] ?? '', before.question].filter((text) => text !== '').join('\n'));
  };

  return {
    arrivals: [],
    forecasts: {},
    waitingQuestion: undefined,
    async addPaths(paths, folder) {
      const memories = paths.filter((path) => path.toLowerCase().endsWith('.longtake'));
      const others = paths.filter((path) => !memories.includes(path));
      for (const file of memories) await get().importMemory(file);
      const [first] = others;
      if (first === undefined) return;
      const { signal, end } = arrive(others.length === 1 ? fileNameOf(first) : `${fileNameOf(first)} + ${others.length - 1}`);
      const plan = await get().attempt(async () => ({ paths: others, forecast: await forecastOf(others, signal), ...(folder !== undefined && { folder }) }));
      end();
      if (plan === undefined) return;
      if (wantsAsking(plan.forecast, isDemonstration(get()))) get().showDialog({ kind: 'forecast', plan });
      else await get().enqueue(plan);
    },
    async enqueue({ paths, forecast: whole, folder }) {
      const [first] = paths;
      if (first === undefined) return;
      const { signal, end } = arrive(paths.length === 1 ? fileNameOf(first) : `${fileNameOf(first)} + ${paths.length - 1}`);
      await get().attempt(async () => {
        const { results, folders } = await link.request('queue.add', { paths: [...paths], ...(folder !== undefined && { folder }) }, { signal });
        for (const { name, videoCount } of folders) get().notify({ kind: 'done', textKey: 'library.folder.fromDisk', values: { name, number: String(videoCount) } });
        const forecasts = { ...get().forecasts };
        for (const result of results) {
          const forecast = whole?.files.find(({ path }) => path === result.path);
          if (result.outcome === 'queued' && forecast !== undefined) forecasts[result.videoId] = forecast;
        }
        set({ forecasts });
        // By what is wrong with them: of a folder with many bad files each would push away what was said of another.
        for (const [{ path, error }, ...others] of alike(results)) get().notify({ kind: 'error', code: error.code, data: error.data, ...saidOf(path, error.message), others: others.map((other) => fileNameOf(other.path)) });
        const taken = results.find((result) => result.outcome !== 'refused');
        // Who encodes what a question across videos left out stays there.
        if (taken !== undefined && get().surveyPlace === undefined) get().selectVideo(taken.videoId);
      });
      end();
    },
    async addFiles(files, folder) {
      const paths: string[] = [];
      const bring = async <Result>(name: string, work: (options: BringInOptions) => Promise<Result>): Promise<Result | undefined> => {
        const { signal, change, end } = arrive(name);
        const brought = await get().attempt(() => work({ signal, onProgress: change }));
        end();
        return brought;
      };
      for (const { file, subtitles } of files) {
        const path = await bring(file.name, (options) => shell.bringIn(file, options));
        if (path === undefined) continue;
        // Before the video is looked into: what is said in it is read then.
        for (const each of subtitles) await bring(each.name, (options) => shell.bringBeside(each, { name: file.name, path }, options));
        paths.push(path);
      }
      if (paths.length > 0) await get().addPaths(paths, folder);
    },
    async addSample(question) {
      await get().attempt(async () => {
        const { videoId, jobId } = await link.request('queue.addSample', {});
        if (question !== undefined) await wait({ videoId, question });
        get().selectVideo(videoId);
        // In a narrow window the film would hide what was asked.
        if (question !== undefined) get().showTab('conversation');
        if (question !== undefined && jobId === null) await get().askWaiting();
      });
    },
    async waitToAsk(question, range) {
      const { selectedVideoId: videoId, waitingQuestion } = get();
      if (videoId === undefined || waitingQuestion?.videoId === videoId) return false;
      return await get().attempt(() => wait({ videoId, question, ...(range === undefined ? {} : { range }) }).then(() => true)) ?? false;
    },
    async askWaiting() {
      const { waitingQuestion: waiting, selectedVideoId } = get();
      if (waiting === undefined || waiting.videoId !== selectedVideoId || beingAsked) return;
      // It stays in sight until it stands in the conversation.
      beingAsked = true;
      await get().attempt(() => oneAtATime(async () => {
        const kept = (await link.request('settings.get', {})).interface['waitingQuestion'];
        // Another window may have asked it meanwhile, or this one have gone to another video.
        const mine = isSameQuestion(parseWaiting(kept), waiting);
        if (mine && get().selectedVideoId !== waiting.videoId) return;
        // It is taken away before it is asked: a window that is closed between the two must not leave it to be asked again.
        if (mine) await keepWaiting(undefined);
        if (mine && !await get().ask(waiting.question, waiting.range)) await keepWaiting(waiting);
        else if (get().waitingQuestion === waiting) set({ waitingQuestion: undefined });
      }));
      beingAsked = false;
    },
    discardWaiting() {
      set({ waitingQuestion: undefined });
      get().remember({ waitingQuestion: null });
    },
    takeWaiting(kept) {
      if (!beingAsked) set({ waitingQuestion: keepEqual(get().waitingQuestion, parseWaiting(kept)) });
    },
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
