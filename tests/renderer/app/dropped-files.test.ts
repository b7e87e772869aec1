import assert from 'node:assert/strict';
import { test } from 'node:test';
import { droppedFiles, pairSubtitles } from '../../../renderer/app/dropped-files.ts';

const fileEntry = (name: string): object => ({ name, isDirectory: false, file: (give: (file: File) => void) => { give(new File(['x'], name)); } });
/** A browser gives entries in portions, and an empty one at the end. */
const folderEntry = (name: string, entries: readonly object[]): object => ({
  name, isDirectory: true,
  createReader: () => {
    const portions = [entries.slice(0, 2), entries.slice(2), []];
    return { readEntries: (give: (entries: readonly object[]) => void) => { give(portions.shift() ?? []); } };
  },
});

test('subtitles go with the video that they were dropped with, and those of none of them are told apart', () => {
  const { files, lone } = pairSubtitles(['b.en.ass', 'b.mp4', 'a.srt', 'notes.txt'].map((name) => new File(['x'], name)));
  assert.deepEqual(files.map(({ file: { name }, subtitles }) => [name, ...subtitles.map((each) => each.name)]), [['b.mp4', 'b.en.ass'], ['notes.txt']]);
  assert.deepEqual(lone.map(({ name }) => name), ['a.srt']);
});

test('of a dropped folder videos, subtitles beside them and memories are taken by their names, folders in it too: a browser may not know the type of any', async () => {
  const inner = folderEntry('from the phone 😀', [fileEntry('100% #2.MOV'), fileEntry('.hidden.mp4'), fileEntry('clip.mp4.part'), fileEntry('100% #2.vtt'), fileEntry('film 10.srt')]);
  const outer = folderEntry('trip', [fileEntry('film 10.mkv'), fileEntry('film 2.MXF'), fileEntry('notes.txt'), inner, fileEntry('kept.longtake'), fileEntry('film 2.de.srt'), fileEntry('clip.srt'), fileEntry('mp4')]);
  const alone = new File(['x'], 'whatever it is');
  const items = [{ kind: 'file', getAsFile: () => new File([], 'trip'), webkitGetAsEntry: () => outer }, { kind: 'string' }, { kind: 'file', getAsFile: () => alone, webkitGetAsEntry: () => fileEntry(alone.name) }];
  const [folder, file] = await droppedFiles({ items } as unknown as DataTransfer);
  assert.ok(folder !== undefined && 'folder' in folder);
  assert.deepEqual([folder.folder, folder.files.map(({ file: { name }, subtitles }) => [name, ...subtitles.map((each) => each.name)])],
    ['trip', [['film 2.MXF', 'film 2.de.srt'], ['film 10.mkv'], ['kept.longtake'], ['100% #2.MOV', '100% #2.vtt']]]);
  assert.equal(file, alone, 'what is dropped by itself is always tried');
});
