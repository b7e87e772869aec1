import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from './home.ts';
import { byteLengthBelow } from './storage.ts';

/** What is made of a video's file once, can be made again, and goes with the video. */
export type DerivedFiles = { readonly directory: string; readonly poster: string; readonly waveform: string; readonly subtitles: string; readonly proxy: string };

export function derivedFiles(home: Pick<Home, 'derivedDirectory' | 'proxiesDirectory'>, videoId: string): DerivedFiles {
  const directory = path.join(home.derivedDirectory, videoId);
  return {
    directory, poster: path.join(directory, 'poster.jpg'), waveform: path.join(directory, 'waveform.json'), subtitles: path.join(directory, 'subtitles.json'),
    proxy: path.join(home.proxiesDirectory, `${videoId}.mp4`),
  };
}

/** @returns the bytes that are free again */
export async function removeDerived(home: Pick<Home, 'derivedDirectory' | 'proxiesDirectory'>, videoId: string): Promise<number> {
  const { directory, proxy } = derivedFiles(home, videoId);
  const byteLength = await byteLengthBelow(directory) + await byteLengthBelow(proxy);
  // Somebody may be writing a poster there just now, which makes a folder that was emptied full again.
  await Promise.all([directory, proxy].map((entry) => rm(entry, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })));
  return byteLength;
}
