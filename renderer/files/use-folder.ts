import { useCallback, useEffect, useState } from 'react';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { useActions, useSurroundings } from '../store/use-app.ts';

export type Folder = MethodResult<'files.list'>;
export type FileEntry = Folder['entries'][number];

/** A folder of the engine's machine, and the way to another one. The one that is shown stays until the next is there. */
export function useFolder(): { readonly folder: Folder | undefined; readonly problem: string | undefined; readonly go: (directory: string) => void } {
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
  const go = useCallback((directory: string): void => { link.request('files.list', { directory }).then(show, refuse); }, [link, show, refuse]);
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
