import type { FolderEntry } from '../../engine/protocol/methods-folders.ts';
import type { VideoCard } from '../../engine/protocol/methods-library.ts';

/** One line of the rail; `key` is what the keyboard and the virtual list know it by. */
export type RailRow =
  | { readonly kind: 'folder'; readonly key: string; readonly folder: FolderEntry; readonly count: number; readonly open: boolean }
  /** Over the videos that are in no folder, where there are folders. */
  | { readonly kind: 'loose'; readonly key: 'loose'; readonly count: number }
  | { readonly kind: 'video'; readonly key: string; readonly video: VideoCard };

type Library = { readonly folders: readonly FolderEntry[]; readonly closed: Readonly<Record<string, number>>; readonly filter: string };

/**
 * The rail from the top: folders with their videos, then the videos in none, each in the order in which they are given.
 * While it is filtered, folders without a match are left out and the others are open.
 */
export function railRows(videos: readonly VideoCard[], { folders, closed, filter }: Library): readonly RailRow[] {
  const filtered = filter.trim() !== '';
  const byFolder = Map.groupBy(videos, ({ folderId }) => folderId);
  const rowsOf = (some: readonly VideoCard[]): RailRow[] => some.map((video) => ({ kind: 'video', key: video.id, video }));
  const rows = folders.flatMap((folder): RailRow[] => {
    const inside = byFolder.get(folder.id) ?? [];
    if (filtered && inside.length === 0) return [];
    const open = filtered || closed[folder.id] === undefined;
    return [{ kind: 'folder', key: folder.id, folder, count: inside.length, open }, ...open ? rowsOf(inside) : []];
  });
  const known = new Set(folders.map(({ id }) => id));
  const loose = videos.filter(({ folderId }) => folderId === null || !known.has(folderId));
  return [...rows, ...rows.length > 0 && loose.length > 0 ? [{ kind: 'loose', key: 'loose', count: loose.length } as const] : [], ...rowsOf(loose)];
}

/** Where what is dropped on a row goes: into its folder, or with null into none. */
export function folderOfRow(row: RailRow): string | null {
  switch (row.kind) {
    case 'folder': return row.folder.id;
    case 'loose': return null;
    case 'video': return row.video.folderId;
    default: return row satisfies never;
  }
}

/** The videos from one row to another, both among them, as a press with Shift means it. */
export function videosBetween(rows: readonly RailRow[], fromKey: string, toKey: string): readonly string[] {
  const [from, to] = [fromKey, toKey].map((wanted) => rows.findIndex(({ key }) => key === wanted));
  if (from === undefined || to === undefined || from < 0 || to < 0) return rows.some(({ key, kind }) => key === toKey && kind === 'video') ? [toKey] : [];
  return rows.slice(Math.min(from, to), Math.max(from, to) + 1).flatMap((row) => row.kind === 'video' ? [row.video.id] : []);
}
