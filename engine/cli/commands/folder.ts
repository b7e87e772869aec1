import type { Command } from 'commander';
import { LongtakeError } from '../../protocol/errors.ts';
import { openLibrary, type Folder, type Library, type Video } from '../../library/index.ts';
import { openHome } from '../../pipeline/home.ts';
import { findVideo } from '../../pipeline/library-files.ts';
import { defineCommand, runCommand } from '../run.ts';

/** Folders of the library: the same that the app shows. */
export function addFolderCommands(library: Command): void {
  const folder = library.command('folder').description('folders of videos in the library: put, rename, remove');

  defineCommand(folder, 'put <folder> <video...>', 'put videos into a folder, which is made where there is none', 'library folder put Holidays party.mp4 beach.mp4')
    .action((name: string, videos: string[], flags: { json?: boolean }) => runCommand(flags.json === true, async ({ output }) => {
      using opened = openLibrary(openHome().libraryFile);
      const found: Video[] = [];
      for (const video of videos) found.push(await findVideo(opened, video));
      const into = opened.transaction(() => {
        const made = opened.folders.findByName(name) ?? opened.folders.create(name);
        opened.folders.put(found.map(({ id }) => id), made.id);
        return made;
      });
      output.result({ folder: into.name, folderId: into.id, videos: found.map(({ title }) => title) }, `${found.map(({ title }) => title).join(', ')}: in the folder ${into.name}.`);
      return 0;
    }));

  defineCommand(folder, 'rename <folder> <name>', 'call a folder otherwise', 'library folder rename Holidays "Summer 2026"')
    .action((name: string, to: string, flags: { json?: boolean }) => runCommand(flags.json === true, ({ output }) => {
      using opened = openLibrary(openHome().libraryFile);
      const renamed = opened.folders.rename(findFolder(opened, name).id, to.trim());
      output.result({ folder: renamed.name, folderId: renamed.id }, `The folder is called ${renamed.name} now.`);
      return Promise.resolve(0);
    }));

  defineCommand(folder, 'remove <folder>', 'remove a folder; its videos stay in the library', 'library folder remove Holidays')
    .action((name: string, flags: { json?: boolean }) => runCommand(flags.json === true, ({ output }) => {
      using opened = openLibrary(openHome().libraryFile);
      const removed = findFolder(opened, name);
      opened.folders.remove(removed.id);
      output.result({ folder: removed.name, folderId: removed.id }, `Removed the folder ${removed.name}. Its videos are still in the library.`);
      return Promise.resolve(0);
    }));
}

function findFolder(library: Library, name: string): Folder {
  const folder = library.folders.findByName(name);
  if (folder !== undefined) return folder;
  throw new LongtakeError('not-found', `No folder is called ${JSON.stringify(name)}. "longtake library list" shows which there are.`, { folder: name });
}
