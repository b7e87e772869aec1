import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fileNameOf } from '../format/paths.ts';
import type { TimeRange } from '../geometry/range.ts';
import type { BringInOptions } from '../shell/shell.ts';
import type { Slice } from './app-store.ts';
import { newKey } from './conversation-slice.ts';
import { wantsAsking, type Forecast, type PlannedFile } from './forecast.ts';
import { leaveWaiting, takeWaiting, type WaitingQuestion } from './kept-waiting.ts';
import { isDemonstration } from './settings-slice.ts';

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
  readonly forecasts: Readonly<Record<string, Forecast>>;
  /** A question that is asked as soon as its video is encoded. */
  readonly waitingQuestion: WaitingQuestion | undefined;
  /** Files and folders by path. What takes long or does not fit is asked about first; memories (.longtake) are imported. */
  addPaths(paths: readonly string[]): Promise<void>;
  /** Puts them into the queue: each is taken, or refused by itself in words. */
  enqueue(planned: readonly PlannedFile[]): Promise<void>;
  /** Files that were dropped on the page. */
  addFiles(files: readonly BroughtFile[]): Promise<void>;
  /** With a question: it is asked once the sample is encoded. */
  addSample(question?: string): Promise<void>;
  /** Has a person's own question wait for the encode of the video that is open. False where one waits for it already. */
  waitToAsk(question: string, range?: TimeRange): boolean;
  /** Asks it now, of what is encoded so far, or at once where all is. */
  askWaiting(): Promise<void>;
  discardWaiting(): void;
  /** The page goes: what it has alone is left for the one that is loaded next in this window. One that comes back after all has it still. */
  leave(): void;
  comeBack(): void;
};

/** Beyond this many files at once, their number says enough. */
const mostForecasts = 50;

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
  const plan = async (path: string, signal: AbortSignal): Promise<PlannedFile> => {
    try {
      return { path, forecast: await link.request('queue.forecast', { path }, { signal }) };
    } catch (error) {
      if (isLongtakeError(error, 'cancelled')) throw error;
      return { path, forecast: undefined };
    }
  };

  let beingAsked: AddingSlice['waitingQuestion'];

  const wait = (waiting: WaitingQuestion): void => {
    const before = get().waitingQuestion;
    set({ waitingQuestion: waiting });
    // One waits at a time: that of another film is a draft of it again.
    if (before === undefined || before === beingAsked || before.videoId === waiting.videoId) return;
    const key = newKey(before.videoId);
    get().setDraft(key, [get().drafts[key] ?? '', before.question].filter((text) => text !== '').join('\n'));
  };

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
      const planned = await get().attempt(async () => {
        const each: PlannedFile[] = [];
        for (const [index, path] of others.entries()) each.push(index < mostForecasts ? await plan(path, signal) : { path, forecast: undefined });
        return each;
      });
      end();
      if (planned === undefined) return;
      if (wantsAsking(planned, isDemonstration(get()))) get().showDialog({ kind: 'forecast', planned });
      else await get().enqueue(planned);
    },
    async enqueue(planned) {
      const [first] = planned;
      if (first === undefined) return;
      const { signal, end } = arrive(planned.length === 1 ? fileNameOf(first.path) : `${fileNameOf(first.path)} + ${planned.length - 1}`);
      await get().attempt(async () => {
        const { results } = await link.request('queue.add', { paths: planned.map(({ path }) => path) }, { signal });
        const forecasts: Record<string, Forecast> = { ...get().forecasts };
        for (const result of results) {
          const forecast = planned.find(({ path }) => path === result.path)?.forecast;
          if (result.outcome === 'queued' && forecast !== undefined) forecasts[result.videoId] = forecast;
        }
        set({ forecasts });
        // By what is wrong with them: of a folder with many bad files each would push away what was said of another.
        for (const [{ path, error }, ...others] of alike(results)) get().notify({ kind: 'error', code: error.code, data: error.data, ...saidOf(path, error.message), others: others.map((other) => fileNameOf(other.path)) });
        const taken = results.find((result) => result.outcome !== 'refused');
        if (taken !== undefined) get().selectVideo(taken.videoId);
      });
      end();
    },
    async addFiles(files) {
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
      if (paths.length > 0) await get().addPaths(paths);
    },
    async addSample(question) {
      await get().attempt(async () => {
        const { videoId, jobId } = await link.request('queue.addSample', {});
        if (question !== undefined) wait({ videoId, question });
        get().selectVideo(videoId);
        // In a narrow window the film would hide what was asked.
        if (question !== undefined) get().showTab('conversation');
        if (question !== undefined && jobId === null) await get().askWaiting();
      });
    },
    waitToAsk(question, range) {
      const { selectedVideoId: videoId, waitingQuestion } = get();
      if (videoId === undefined || waitingQuestion?.videoId === videoId) return false;
      wait({ videoId, question, ...(range === undefined ? {} : { range }) });
      return true;
    },
    async askWaiting() {
      const { waitingQuestion: waiting, selectedVideoId } = get();
      if (waiting === undefined || waiting.videoId !== selectedVideoId || waiting === beingAsked) return;
      // It stays in sight until it stands in the conversation.
      beingAsked = waiting;
      const asked = await get().ask(waiting.question, waiting.range);
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

/** A refusal by the file's name: where a browser's copy of it lies is nobody's concern. A sentence without it gets it before. */
function saidOf(path: string, message: string): { readonly text: string; readonly subject?: string } {
  const name = fileNameOf(path);
  const quoted = JSON.stringify(path);
  return message.includes(quoted) ? { text: message.replaceAll(quoted, JSON.stringify(name)) } : { text: message, subject: name };
}
