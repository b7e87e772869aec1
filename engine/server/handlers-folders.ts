import type { folderMethods } from '../protocol/methods-folders.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import type { Workspace } from './workspace.ts';

export function createFolderHandlers({ library, changes }: Workspace): MethodHandlers<keyof typeof folderMethods> {
  const changed = (): Record<string, never> => {
    changes.emit({ topic: 'library' });
    return {};
  };
  return {
    'folders.create': ({ name, videoIds }) => {
      const folder = library.transaction(() => {
        const made = library.folders.create(name);
        library.folders.put(videoIds, made.id);
        return made;
      });
      changed();
      return folder;
    },
    'folders.rename': ({ folderId, name }) => {
      library.folders.rename(folderId, name);
      return changed();
    },
    'folders.remove': ({ folderId }) => {
      library.folders.remove(folderId);
      return changed();
    },
    'folders.restore': ({ folderId }) => {
      library.folders.restore(folderId);
      return changed();
    },
    'folders.put': ({ videoIds, folderId }) => {
      library.folders.put(videoIds, folderId);
      return changed();
    },
  };
}
