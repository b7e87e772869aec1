import { findSubtitleNames, isSubtitleName } from '../../engine/protocol/subtitle-names.ts';
import { isVideoName } from '../../engine/protocol/video-names.ts';
import type { BroughtFile } from '../store/adding-slice.ts';

/** What was dropped; a folder is a name with the videos and memories below it. */
export type Dropped = File | { readonly folder: string; readonly files: readonly BroughtFile[] };

/**
 * The files of a drop on a page. A browser gives a folder as a file that cannot be read: its entries are asked instead.
 * To be called while the drop is handled, because what was dropped is gone afterwards.
 */
export function droppedFiles(transfer: DataTransfer): Promise<readonly Dropped[]> {
  const entries = [...transfer.items].filter(({ kind }) => kind === 'file').map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry() }));
  return Promise.all(entries.map(async ({ file, entry }): Promise<Dropped | undefined> => (
    entry?.isDirectory === true ? { folder: entry.name, files: await filesBelow(entry as FileSystemDirectoryEntry) } : file ?? undefined
  ))).then((dropped) => dropped.filter((one) => one !== undefined));
}

/** Files that lie or were dropped together: videos with their subtitles, everything else by itself, and `lone` subtitles of none of them. */
export function pairSubtitles(files: readonly File[]): { readonly files: readonly BroughtFile[]; readonly lone: readonly File[] } {
  const subtitles = files.filter(({ name }) => isSubtitleName(name));
  const names = subtitles.map(({ name }) => name);
  const paired = files.filter((file) => !subtitles.includes(file)).map((file): BroughtFile => {
    const own = findSubtitleNames(file.name, names).map(({ fileName }) => fileName);
    return { file, subtitles: subtitles.filter(({ name }) => own.includes(name)) };
  });
  return { files: paired, lone: subtitles.filter((file) => !paired.some((one) => one.subtitles.includes(file))) };
}

/** By its name, as the engine chooses from a folder: which type a browser gives a file depends on the machine. */
function isOurs({ name }: File): boolean {
  return isVideoName(name) || name.toLowerCase().endsWith('.longtake') || isSubtitleName(name);
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<readonly BroughtFile[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // It gives a hundred at a time, and none once there are no more.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (more.length === 0) break;
    entries.push(...more);
  }
  entries.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  const [own, below] = await Promise.all([
    Promise.all(entries.filter(({ isDirectory }) => !isDirectory).map((entry) => new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject); }))),
    Promise.all(entries.filter(({ isDirectory }) => isDirectory).map((entry) => filesBelow(entry as FileSystemDirectoryEntry))),
  ]);
  return [...pairSubtitles(own.filter(isOurs)).files, ...below.flat()];
}
