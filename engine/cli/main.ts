import { Command, CommanderError } from 'commander';
import { addArchiveCommands } from './commands/archive.ts';
import { addAskCommand } from './commands/ask.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addChatCommand } from './commands/chat.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addGoldenCommand } from './commands/golden.ts';
import { addIngestCommand } from './commands/ingest.ts';
import { addLibraryCommand } from './commands/library.ts';
import { addModelsCommand } from './commands/models.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStartCommand } from './commands/start.ts';
import { exitCodes } from './exit-codes.ts';

function createProgram(): Command {
  const program = new Command('longtake')
    .description('Ask hour-long local videos questions. The demo model that ships with Longtake understands only Pebble Town, '
      + 'the little drawn town of the sample video.')
    .showHelpAfterError('(longtake --help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) })
    .addHelpText('after', `
Data lives under LONGTAKE_HOME, or the platform's own folder for application data.

Exit codes:
${Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}`);
  for (const add of [addAskCommand, addChatCommand, addIngestCommand, addArchiveCommands, addLibraryCommand, addModelsCommand,
    addGoldenCommand, addEvalCommand, addBenchCommand, addServeCommand, addStartCommand]) add(program);
  return program;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are no failures.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage.code;
}
