import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { fileError, systemCode } from './file-errors.ts';

/**
 * Held while a memory is written, imported or removed. It is a listening socket whose name is made from the folder's
 * path, because the system takes that back at the very moment its process dies: nothing can be stale after
 * `kill -9`, no process id can be mistaken for another one's, and the folder holds no file that is not the memory's.
 *
 * Linux has such names apart from the file system, Windows has named pipes. macOS has socket files: one that nobody
 * answers on is left over and is replaced. It guards one machine, not a network drive that two machines write to.
 */
export type MemoryLock = { release(): Promise<void> };

/** The folder must exist. Throws `library-busy` where another writer, in this process or another, holds the folder. */
export async function lockMemory(directory: string): Promise<MemoryLock> {
  const address = await lockAddress(directory);
  const server = await listen(address).catch(async (error: unknown) => {
    if (systemCode(error) !== 'EADDRINUSE') throw fileError(error, 'lock', directory);
    if (!isSocketFile(address) || await answers(address)) throw busy(directory, error);
    await rm(address, { force: true });
    return await listen(address).catch((again: unknown) => { throw busy(directory, again); });
  });
  server.unref();
  return {
    release: () => new Promise((resolve) => { server.close(() => { resolve(); }); }),
  };
}

async function lockAddress(directory: string): Promise<string> {
  // Two ways to write one path must give one name.
  const resolved = await realpath(directory).catch((error: unknown) => { throw fileError(error, 'open', directory); });
  const name = `longtake-${createHash('sha256').update(resolved).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`);
}

const isSocketFile = (address: string): boolean => path.isAbsolute(address) && process.platform !== 'win32';

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => { socket.destroy(); });
    server.once('error', reject);
    server.listen({ path: address, exclusive: true }, () => { resolve(server); });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  });
}

function busy(directory: string, cause: unknown): LongtakeError {
  return new LongtakeError('library-busy', `The memory ${directory} is being written by another Longtake. `
    + 'Wait until it is done, or close the other one.', { directory }, { cause });
}
