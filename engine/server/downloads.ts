import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from '../pipeline/home.ts';
import type { Resource } from './resource.ts';

/** A download is begun at once, may be interrupted and gone on with; after that the disk is wanted back. */
const keptForMs = 3600 * 1000;

/** Files that were written to be fetched by a browser once. */
export class Downloads {
  readonly #directory: string;
  readonly #names = new Map<string, string>();

  constructor(home: Pick<Home, 'downloadsDirectory'>) {
    this.#directory = home.downloadsDirectory;
  }

  /** What an earlier engine has left was fetched, or never will be. */
  async start(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Writes a file by `write`, and gives the id under which `archive/<id>` leads to it for an hour. */
  async add(name: string, write: (file: string) => Promise<void>): Promise<string> {
    const id = randomUUID();
    await mkdir(this.#directory, { recursive: true });
    try {
      await write(this.#file(id));
    } catch (error) {
      await rm(this.#file(id), { force: true });
      throw error;
    }
    this.#names.set(id, name);
    setTimeout(() => { this.#forget(id); }, keptForMs).unref();
    return id;
  }

  find(id: string): Resource | undefined {
    const name = this.#names.get(id);
    if (name === undefined || !existsSync(this.#file(id))) return undefined;
    return { kind: 'file', path: this.#file(id), contentType: 'application/octet-stream', caching: 'no-store', downloadName: name };
  }

  #forget(id: string): void {
    this.#names.delete(id);
    rm(this.#file(id), { force: true }).catch(() => undefined); // the next start sweeps
  }

  #file(id: string): string {
    return path.join(this.#directory, id);
  }
}
