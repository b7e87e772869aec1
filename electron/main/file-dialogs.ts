import { writeFile } from 'node:fs/promises';
import { dialog, type BrowserWindow, type FileFilter } from 'electron';
import type { ElectronBridge } from '../bridge.ts';
import { memoryExtension, videoExtensions } from '../file-kinds.ts';
import type { Words } from './words.ts';

type OpenOptions = Parameters<ElectronBridge['openFiles']>[0];
type SaveOptions = Parameters<ElectronBridge['saveFile']>[0];

export async function openFiles(window: BrowserWindow, { title, kind }: OpenOptions, words: Words): Promise<readonly string[]> {
  const everything: FileFilter = { name: words.allFiles, extensions: ['*'] };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title,
    properties: kind === 'folder' ? ['openDirectory', 'createDirectory'] : kind === 'memory' ? ['openFile'] : ['openFile', 'multiSelections'],
    filters: kind === 'folder' ? [] : kind === 'memory'
      ? [{ name: words.memories, extensions: [memoryExtension] }]
      : [{ name: words.videos, extensions: [...videoExtensions] }, everything],
  });
  return canceled ? [] : filePaths;
}

export async function saveFile(window: BrowserWindow, { title, fileName, extension }: SaveOptions): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title, defaultPath: fileName, filters: [{ name: extension.toUpperCase(), extensions: [extension] }], properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? undefined : filePath;
}

export async function saveText(window: BrowserWindow, { text, ...options }: SaveOptions & { readonly text: string }): Promise<string | undefined> {
  const file = await saveFile(window, options);
  if (file !== undefined) await writeFile(file, text, { flush: true });
  return file;
}
