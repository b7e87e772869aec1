import path from 'node:path';
import type { Command } from 'commander';
import { exportVideo, importArchive } from '../../pipeline/archive.ts';
import { describeBytes } from '../../protocol/sizes.ts';
import { formatTime } from '../../chat/citations.ts';
import { defineCommand, runCommand } from '../run.ts';

export function addArchiveCommands(program: Command): void {
  defineCommand(program, 'export <video> <file>',
    'write the memory of a video into one .longtake file that another machine can answer from', 'export party.mp4 party.longtake')
    .option('--chats', 'send the conversations along')
    .option('--overwrite', 'replace an existing file')
    .action((video: string, file: string, flags: { json?: boolean; chats?: boolean; overwrite?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const exported = await exportVideo(video, path.resolve(file), {
          chats: flags.chats === true, overwrite: flags.overwrite === true, onProgress: output.progress, signal,
        });
        output.result(exported, `${exported.file}: ${exported.frames} frames, ${describeBytes(exported.byteLength)}`
          + `${exported.conversations > 0 ? `, ${exported.conversations} conversations` : ''}`);
        return 0;
      }));

  defineCommand(program, 'import <file>', 'check every byte of a .longtake file and add its memory to the library', 'import party.longtake')
    .action((file: string, flags: { json?: boolean }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        const imported = await importArchive(path.resolve(file), { onProgress: output.progress, signal });
        output.result(imported, `${imported.title}: ${imported.frames} frames (${formatTime(imported.coverageSeconds)})`
          + `${imported.alreadyThere ? ', which were in memory already' : ''}. Ask it: longtake ask ${imported.askAs} "…"`);
        return 0;
      }));
}
