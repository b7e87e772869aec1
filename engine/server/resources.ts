import path from 'node:path';
import { isLongtakeError } from '../protocol/errors.ts';
import { openMemory, type Memory } from '../memory/index.ts';
import { memoryDirectory } from '../pipeline/engine.ts';
import type { Home } from '../pipeline/home.ts';
import type { Library } from '../library/index.ts';
import type { Derived } from './derived.ts';
import type { Downloads } from './downloads.ts';
import type { Resource } from './resource.ts';
import { presentFile } from './video-cards.ts';

// Browsers decide by the content of a film; the type only has to be one that they try.
const contentTypes: Readonly<Record<string, string>> = { '.mp4': 'video/mp4', '.m4v': 'video/mp4', '.mov': 'video/mp4', '.webm': 'video/webm', '.mkv': 'video/x-matroska', '.ogv': 'video/ogg' };

/** What the media paths of pages stand for. They hold opaque ids only: no path of a file crosses in either direction. */
export class Resources {
  readonly #home: Home;
  readonly #library: Library;
  /** The memory of the timeline that is being drawn, and the one before. */
  readonly #open = new Map<string, Memory>();

  readonly #derived: Derived;
  readonly #downloads: Downloads;

  constructor(home: Home, library: Library, derived: Derived, downloads: Downloads) {
    this.#home = home;
    this.#library = library;
    this.#derived = derived;
    this.#downloads = downloads;
  }

  /** `video/<video id>`, `proxy/<video id>`, `poster/<video id>` or `poster/sample`, `thumbnail/<memory id>/<frame>`, `archive/<download id>`; undefined for what is not there. */
  async locate(resource: string): Promise<Resource | undefined> {
    const [kind, id = '', frame, ...more] = resource.split('/');
    if (!/^[\w-]{1,100}$/u.test(id) || more.length > 0) return undefined;
    try {
      if (kind === 'thumbnail' && frame !== undefined && /^\d{1,9}$/u.test(frame)) return await this.#thumbnail(id, Number(frame));
      if (frame !== undefined) return undefined;
      if (kind === 'video') return this.#video(id);
      if (kind === 'proxy') return fileResource(this.#derived.proxy(this.#library.videos.get(id).id), 'video/mp4');
      if (kind === 'archive') return this.#downloads.find(id);
      if (kind === 'poster') return fileResource(id === 'sample' ? await this.#derived.samplePoster() : await this.#derived.poster(id), 'image/jpeg');
      return undefined;
    } catch (error) {
      // A vanished folder or an unknown id: nothing is there. What it is about is said where a method is called.
      if (isLongtakeError(error)) return undefined;
      throw error;
    }
  }

  #video(videoId: string): Resource | undefined {
    const file = presentFile(this.#library.videos.get(videoId));
    return fileResource(file, contentTypes[path.extname(file ?? '').toLowerCase()] ?? 'application/octet-stream');
  }

  /** It never changes: frames are only appended. */
  async #thumbnail(memoryId: string, frame: number): Promise<Resource | undefined> {
    const memory = await this.#memory(memoryId, frame);
    const bytes = frame < memory.frameCount ? await memory.thumbnail(frame) : undefined;
    return bytes === undefined ? undefined : { kind: 'bytes', bytes, contentType: 'image/jpeg', caching: 'immutable' };
  }

  /** A growing memory is opened again for a frame that it did not have before. */
  async #memory(memoryId: string, frame: number): Promise<Memory> {
    const known = this.#open.get(memoryId);
    if (known !== undefined && frame < known.frameCount) return known;
    const memory = await openMemory(memoryDirectory(this.#home, this.#library.memories.get(memoryId)));
    this.#open.delete(memoryId);
    this.#open.set(memoryId, memory);
    for (const old of [...this.#open.keys()].slice(0, -2)) this.#open.delete(old);
    return memory;
  }
}

function fileResource(file: string | undefined, contentType: string): Resource | undefined {
  return file === undefined ? undefined : { kind: 'file', path: file, contentType, caching: 'no-cache' };
}
