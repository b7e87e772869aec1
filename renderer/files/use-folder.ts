import { useCallback, useEffect, useState } from 'react';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { useActions, useSurroundings } from '../store/use-app.ts';

export type Folder = MethodResult<'files.list'>;
export type FileEntry = Folder['entries'][number];

/** Up to its last separator, whichever system's. */
const folderOf = (file: string): string => file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);

/**
 * A folder of the engine's machine, and the way to another one. The one that is shown stays until the next is there. `go` leads to the
 * folder of a file as well, whose whole path people paste, and gives the path of that file.
 */
export function useFolder(): { readonly folder: Folder | undefined; readonly problem: string | undefined; readonly go: (place: string) => Promise<string | undefined> } {
  const { link, store } = useSurroundings();
  const { keepDirectory } = useActions();
  const [folder, setFolder] = useState<Folder>();
  const [problem, setProblem] = useState<string>();
  const show = useCallback((found: Folder): void => {
    setFolder(found);
    setProblem(undefined);
    keepDirectory(found.directory);
  }, [keepDirectory]);
  const refuse = useCallback((error: unknown): void => { setProblem(error instanceof Error ? error.message : String(error)); }, []);
  const go = useCallback(async (place: string): Promise<string | undefined> => {
    const list = (directory: string): Promise<Folder> => link.request('files.list', { directory });
    try {
      show(await list(place));
    } catch (error) {
      const found = isLongtakeError(error, 'bad-argument') && folderOf(place) !== '' ? await list(folderOf(place)).catch(() => undefined) : undefined;
      const file = found?.entries.find(({ path }) => path === place);
      if (found !== undefined && file !== undefined) {
        show(found);
        return file.path;
      }
      refuse(error);
    }
    return undefined;
  }, [link, show, refuse]);
  useEffect(() => {
    const last = store.getState().fileDirectory;
    const begin = async (): Promise<Folder> => {
      // Where files were chosen last may be gone by now.
      const found = last === undefined ? undefined : await link.request('files.list', { directory: last }).catch(() => undefined);
      return found ?? link.request('files.list', {});
    };
    begin().then(show, refuse);
  }, [link, store, show, refuse]);
  return { folder, problem, go };
}
