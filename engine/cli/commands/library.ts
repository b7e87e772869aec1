import type { Command } from 'commander';
import { openHome } from '../../pipeline/home.ts';
import { moveLibrary } from '../../pipeline/move-library.ts';
import { describeLibrary, findVideo, removeVideo, type LibraryDescription, type LibraryVideo } from '../../pipeline/library-files.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { formatTime } from '../../chat/citations.ts';
import { openLibrary } from '../../library/index.ts';
import { defineCommand, runCommand } from '../run.ts';
import { addFolderCommands } from './folder.ts';

export function addLibraryCommand(program: Command): void {
  const library = program.command('library').description('the videos in memory: list, folders, remove, move, storage used')
    .addHelpText('after', '\nExample:\n  longtake library list');

  defineCommand(library, 'list', 'videos, their memories and what they take (the default)', 'library list', { isDefault: true }).action((flags: { json?: boolean }) =>
    runCommand(flags.json === true, async ({ output }) => {
      const home = openHome();
      using opened = openLibrary(home.libraryFile);
      const described = await describeLibrary(home, opened);
      output.result(described, described.videos.length === 0
        ? 'No video is in memory yet. "longtake ingest VIDEO" puts one there.'
        : [...lines(described), `${described.videos.length === 1 ? '1 video' : `${described.videos.length} videos`}, ${describeBytes(described.byteLength)} in ${home.root}`].join('\n'));
      return 0;
    }));

  addFolderCommands(library);

  defineCommand(library, 'remove <video>', 'delete the memories and conversations of a video; the file itself stays',
    'library remove party.mp4')
    .action((video: string, flags: { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output }) => {
        const home = openHome();
        using opened = openLibrary(home.libraryFile);
        const removed = await removeVideo(home, opened, await findVideo(opened, video));
        output.result(removed, `Removed the memory of ${removed.title}: ${describeBytes(removed.byteLength)} are free again. The video file was not touched.`);
        return 0;
      }));

  defineCommand(library, 'move <folder>', 'move everything to another folder, such as one on another drive', 'library move /media/big/longtake')
    .action((folder: string, flags: { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const moved = await moveLibrary(openHome(), folder, { onProgress: output.progress, signal });
        output.result(moved, `The library is now in ${moved.to} (${describeBytes(moved.byteLength)}). Longtake will find it there.`);
        return 0;
      }));
}

/** Folders with what is in them, then what is in none. */
function lines({ videos, folders }: LibraryDescription): string[] {
  const inside = (folderId: string | null): string[] => videos.filter((video) => video.folderId === folderId).map(line);
  return [...folders.flatMap(({ id, name }) => [`${name}/`, ...inside(id).map((text) => text.replaceAll(/^/gmu, '  '))]), ...inside(null)];
}

function line({ title, durationSeconds, memories, conversations, paths }: LibraryVideo): string {
  const states = memories.map(({ state, frameCount, byteLength, mode }) =>
    `${frameCount} frames${mode === 'fast' ? ' (fast)' : ''}, ${state === 'complete' ? 'in memory' : state}, ${describeBytes(byteLength)}`);
  return `${title}  ${durationSeconds === undefined ? 'unknown length' : formatTime(durationSeconds)}  ${states.join('; ') || 'no memory'}`
    + `${conversations > 0 ? `  ${conversations} conversations` : ''}\n  ${paths[0] ?? 'the file is not known here'}`;
}
