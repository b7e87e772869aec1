import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from './home.ts';

/** Bytes of all files below a path; what vanishes meanwhile counts nothing. */
export async function byteLengthBelow(entry: string): Promise<number> {
  const stats = await stat(entry).catch(() => undefined);
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  let sum = 0;
  for (const name of await readdir(entry).catch(() => [])) sum += await byteLengthBelow(path.join(entry, name));
  return sum;
}

/** What a program of this user may still write on the drive of a folder. */
export async function freeBytes(directory: string): Promise<number> {
  const disk = await statfs(directory);
  return disk.bavail * disk.bsize;
}

export type Storage = {
  readonly home: string; readonly freeBytes: number; readonly memoryBytes: number; readonly proxyBytes: number; readonly modelBytes: number;
  readonly uploadBytes: number; readonly downloadBytes: number; readonly otherBytes: number;
};

/** What a home takes, by kind. */
export async function measureStorage(home: Home): Promise<Storage> {
  const [memoryBytes, proxyBytes, modelBytes, uploadBytes, downloadBytes, wholeBytes] = await Promise.all([
    home.memoriesDirectory, home.proxiesDirectory, home.modelsDirectory, home.uploadsDirectory, home.downloadsDirectory, home.root,
  ].map(byteLengthBelow)) as [number, number, number, number, number, number];
  return {
    home: home.root, freeBytes: await freeBytes(home.root), memoryBytes, proxyBytes, modelBytes, uploadBytes, downloadBytes,
    otherBytes: Math.max(0, wholeBytes - memoryBytes - proxyBytes - modelBytes - uploadBytes - downloadBytes),
  };
}
