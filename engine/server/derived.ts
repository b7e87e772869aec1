import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import { subtitleTracksSchema } from '../protocol/methods-media.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import type { Library, Video } from '../library/index.ts';
import { extractSubtitles, forecastProxyBytes, makePoster, makeProxy, makeWaveform, probeVideo, readStill, sidecarStamp } from '../media/index.ts';
import { openMemory, type Memory } from '../memory/index.ts';
import { derivedFiles } from '../pipeline/derived-files.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import { reserveBytes } from '../pipeline/forecast.ts';
import type { Home } from '../pipeline/home.ts';
import { sampleVideoFile } from '../pipeline/pebble-town.ts';
import { freeBytes } from '../pipeline/storage.ts';
import { SharedWork } from './shared-work.ts';
import { presentFile } from './video-cards.ts';

type Tracks = z.infer<typeof subtitleTracksSchema>;
const storedSubtitlesSchema = z.object({ version: z.literal(1), sidecars: z.string(), tracks: subtitleTracksSchema });
const storedWaveformSchema = z.object({ version: z.literal(1), bucketsPerSecond: z.number(), peaksBase64: z.string() }).or(z.object({ version: z.literal(1), silent: z.literal(true) }));
export type WaveformView = { readonly bucketsPerSecond: number; readonly peaksBase64: string };

const posterShare = 0.1;

/**
 * What is made of a video's file beside its memory: poster, subtitles, waveform, proxy. Each is made once, when it is
 * first wanted or, where it is quick, after the video has come into the library; it lies in the video's own folder.
 */
export class Derived {
  readonly #home: Home;
  readonly #library: Library;
  readonly #work = new SharedWork<unknown>();
  readonly #closing = new AbortController();
  #background: Promise<void> = Promise.resolve();
  #stills: Promise<void> = Promise.resolve();

  constructor(home: Home, library: Library) {
    this.#home = home;
    this.#library = library;
  }

  get isBusy(): boolean {
    return this.#work.size > 0;
  }

  /** Goes on with what the last engine did not come to. */
  async start(): Promise<void> {
    for (const name of await readdir(this.#home.proxiesDirectory)) {
      if (name.includes('.part')) await rm(path.join(this.#home.proxiesDirectory, name), { force: true });
    }
    for (const { id } of this.#library.videos.list()) this.prepare(id);
  }

  /** Makes poster and subtitles where they are missing, one video after the other. What fails is made when it is asked for, and says why. */
  prepare(videoId: string): void {
    this.#background = this.#background.then(async () => {
      if (this.#closing.signal.aborted) return;
      await this.poster(videoId).catch(() => undefined);
      if (!this.#closing.signal.aborted) await this.subtitles(videoId).catch(() => undefined);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work.close();
    await this.#background;
  }

  /** The poster's file; undefined where there is neither a file nor a memory to make it of. */
  async poster(videoId: string): Promise<string | undefined> {
    const file = derivedFiles(this.#home, videoId).poster;
    if (existsSync(file)) return file;
    const video = this.#library.videos.get(videoId);
    return await this.#once(`poster ${videoId}`, {}, async ({ signal }) => {
      const source = presentFile(video);
      const failed = source === undefined ? true : await this.#write(file, async (part) => { await makePoster(await probeVideo(source, { signal }), part, { signal }); })
        .then(() => false, (error: unknown) => { if (isLongtakeError(error, 'cancelled')) throw error; return true; });
      if (!failed) return file;
      const memory = await this.#anyMemory(videoId);
      const jpeg = await memory?.thumbnail(Math.floor(memory.frameCount * posterShare));
      if (jpeg === undefined) return undefined;
      await this.#write(file, (part) => writeFile(part, jpeg));
      return file;
    });
  }

  /** Of the bundled video, before it is in the library. */
  async samplePoster(): Promise<string> {
    const file = derivedFiles(this.#home, 'sample').poster;
    if (!existsSync(file)) await this.#once('poster sample', {}, ({ signal }) => this.#write(file, async (part) => { await makePoster(await probeVideo(sampleVideoFile, { signal }), part, { signal }); }));
    return file;
  }

  /** All text tracks, and their words into the search. Read again where the files beside the video have changed. */
  async subtitles(videoId: string, options: WorkOptions = {}): Promise<Tracks> {
    const video = this.#library.videos.get(videoId);
    const file = derivedFiles(this.#home, videoId).subtitles;
    const stored = await readJson(file, storedSubtitlesSchema);
    const source = presentFile(video);
    const sidecars = source === undefined ? undefined : await sidecarStamp(source);
    if (stored !== undefined && (sidecars === undefined || stored.sidecars === sidecars)) return stored.tracks;
    return await this.#once(`subtitles ${videoId}`, options, async ({ signal }) => {
      const tracks = source !== undefined ? (await extractSubtitles(source, await probeVideo(source, { signal }), { signal })).tracks : (await this.#anyMemory(videoId))?.subtitles ?? [];
      const parsed = subtitleTracksSchema.parse(tracks);
      this.#library.cues.replace(videoId, parsed.flatMap(({ cues }) => cues));
      await this.#write(file, (part) => writeFile(part, JSON.stringify({ version: 1, sidecars: sidecars ?? '', tracks: parsed })));
      return parsed;
    });
  }

  /** Not kept: nobody asks for the same second twice. One at a time, however many are asked for at once. */
  async still(videoId: string, seconds: number, { signal }: WorkOptions): Promise<Uint8Array> {
    const source = this.#requireFile(this.#library.videos.get(videoId));
    const still = this.#stills.then(async () => await readStill(await probeVideo(source, { signal }), seconds, { signal }));
    this.#stills = still.then(() => undefined, () => undefined);
    return await still;
  }

  /** Null for a video without sound. */
  async waveform(videoId: string, options: WorkOptions): Promise<WaveformView | null> {
    const file = derivedFiles(this.#home, videoId).waveform;
    const stored = await readJson(file, storedWaveformSchema);
    if (stored !== undefined) return 'silent' in stored ? null : { bucketsPerSecond: stored.bucketsPerSecond, peaksBase64: stored.peaksBase64 };
    const source = this.#requireFile(this.#library.videos.get(videoId));
    return await this.#once(`waveform ${videoId}`, options, async (own) => {
      const made = await makeWaveform(await probeVideo(source, { signal: own.signal }), own);
      const view = made && { bucketsPerSecond: made.bucketsPerSecond, peaksBase64: Buffer.from(made.peaks).toString('base64') };
      await this.#write(file, (part) => writeFile(part, JSON.stringify({ version: 1, ...(view ?? { silent: true }) })));
      return view ?? null;
    });
  }

  /** The proxy's file; undefined where none was made. */
  proxy(videoId: string): string | undefined {
    const file = derivedFiles(this.#home, videoId).proxy;
    return existsSync(file) ? file : undefined;
  }

  /** Makes the proxy where there is none. Throws `file-not-found`, `disk-full`, and what making it throws. */
  async makeProxy(videoId: string, options: WorkOptions): Promise<{ readonly byteLength: number }> {
    const { proxy } = derivedFiles(this.#home, videoId);
    const source = this.#requireFile(this.#library.videos.get(videoId));
    return await this.#once(`proxy ${videoId}`, options, async (own) => {
      if (!existsSync(proxy)) {
        const probe = await probeVideo(source, { signal: own.signal });
        await this.#refuseWithoutRoom(forecastProxyBytes(probe));
        await this.#write(proxy, (part) => makeProxy(probe, part, own));
      }
      return { byteLength: (await stat(proxy)).size };
    });
  }

  async removeProxy(videoId: string): Promise<void> {
    await rm(derivedFiles(this.#home, this.#library.videos.get(videoId).id).proxy, { force: true });
  }

  async #once<Result>(key: string, options: WorkOptions, work: (options: WorkOptions) => Promise<Result>): Promise<Result> {
    return await this.#work.join(key, options, work) as Result;
  }

  /** Whole or not at all: written beside its place, and moved there. */
  async #write(file: string, write: (part: string) => Promise<void>): Promise<void> {
    const { dir, name, ext } = path.parse(file);
    const part = path.join(dir, `${name}.part${ext}`);
    await mkdir(dir, { recursive: true });
    try {
      await write(part);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  async #anyMemory(videoId: string): Promise<Memory | undefined> {
    for (const entry of this.#library.memories.list(videoId)) {
      const memory = await openMemory(memoryDirectory(this.#home, entry)).catch(() => undefined);
      if (memory !== undefined && memory.frameCount > 0) return memory;
    }
    return undefined;
  }

  #requireFile(video: Video): string {
    const file = presentFile(video);
    if (file === undefined) throw new LongtakeError('file-not-found', `The file of ${video.title} is not where it was. Relink it first.`, { videoId: video.id });
    return file;
  }

  async #refuseWithoutRoom(byteLength: number): Promise<void> {
    const free = await freeBytes(this.#home.proxiesDirectory);
    if (byteLength + reserveBytes <= free) return;
    throw new LongtakeError('disk-full', `A copy that plays takes up to ${describeBytes(byteLength)}, and the disk of the library has ${describeBytes(free)} free. Make room and try again.`, { byteLength, freeBytes: free });
  }
}

/** Undefined for a file that is not there or not whole: it is made again. */
async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
