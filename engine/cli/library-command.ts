import { openLibraryClient, type LibraryClient } from '../server/library-client.ts';
import { runCommand, type CommandContext } from './run.ts';

export type JsonFlag = { readonly json?: boolean };

/** As {@link runCommand}, for what looks something up in the library or changes it, whoever else has it open. */
export async function runOnLibrary({ json }: JsonFlag, work: (library: LibraryClient, context: CommandContext) => Promise<number | undefined>): Promise<void> {
  await runCommand(json === true, async (context) => {
    await using library = openLibraryClient();
    return await work(library, context);
  });
}
