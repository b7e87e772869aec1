import { isVideoName } from '../../engine/protocol/video-names.ts';

/** What was dropped; a folder is a name with the videos and memories below it. */
export type Dropped = File | { readonly folder: string; readonly files: readonly File[] };

/**
 * The files of a drop on a page. A browser gives a folder as a file that cannot be read: its entries are asked instead.
 * To be called while the drop is handled, because what was dropped is gone afterwards.
 */
export function droppedFiles(transfer: DataTransfer): Promise<readonly Dropped[]> {
  const entries = [...transfer.items].filter(({ kind }) => kind === 'file').map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry() }));
  return Promise.all(entries.map(async ({ file, entry }): Promise<Dropped | undefined> => (
    entry?.isDirectory === true ? { folder: entry.name, files: (await filesBelow(entry as FileSystemDirectoryEntry)).filter(isOurs) } : file ?? undefined
  ))).then((dropped) => dropped.filter((one) => one !== undefined));
}

/** By its name, as the engine chooses from a folder: which type a browser gives a file depends on the machine. */
function isOurs({ name }: File): boolean {
  return isVideoName(name) || name.toLowerCase().endsWith('.longtake');
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // It gives a hundred at a time, and none once there are no more.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (more.length === 0) break;
    entries.push(...more);
  }
  entries.sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  const files = await Promise.all(entries.map(async (entry) => (entry.isDirectory
    ? await filesBelow(entry as FileSystemDirectoryEntry)
    : [await new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject); })])));
  return files.flat();
}
