import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addArchiveCommands } from './commands/archive.ts';
import { addAskCommand } from './commands/ask.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addChaptersCommand } from './commands/chapters.ts';
import { addChatCommand } from './commands/chat.ts';
import { addConversationsCommand } from './commands/conversations.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addGoldenCommand } from './commands/golden.ts';
import { addIngestCommand } from './commands/ingest.ts';
import { addLibraryCommand } from './commands/library.ts';
import { addMcpCommand } from './commands/mcp.ts';
import { addModelsCommand } from './commands/models.ts';
import { addQueueCommand } from './commands/queue.ts';
import { addSearchCommand } from './commands/search.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSettingsCommand } from './commands/settings.ts';
import { addStartCommand } from './commands/start.ts';
import { engineVersion } from '../server/version.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { describeError } from './output.ts';
import { outputLost, watchPipes } from './pipes.ts';

function createProgram(): Command {
  const program = new Command('longtake')
    .description('Ask hour-long local videos questions. The demo model that ships with Longtake understands only Pebble Town, '
      + 'the little drawn town of the sample video.')
    .version(engineVersion, '--version', 'print the version')
    .showHelpAfterError('(longtake --help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) })
    .addHelpText('after', `
Data lives under LONGTAKE_HOME, or the platform's own folder for application data.

Exit codes:
${Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}`);
  for (const add of [addAskCommand, addChatCommand, addChaptersCommand, addIngestCommand, addArchiveCommands, addLibraryCommand, addConversationsCommand, addSearchCommand,
    addQueueCommand, addSettingsCommand, addModelsCommand, addGoldenCommand, addEvalCommand, addBenchCommand, addServeCommand, addMcpCommand, addStartCommand]) add(program);
  return program;
}

/** Commander has printed its own message; help and version are no failures. */
function reportUsage(error: CommanderError, words: readonly string[]): void {
  if (error.exitCode === 0) return;
  process.exitCode = exitCodes.usage.code;
  const message = error.message.replace(/^error: /u, '');
  const dashed = words.find((word) => word.startsWith('-') && existsSync(word));
  if (error.code === 'commander.unknownOption' && dashed !== undefined) process.stderr.write(`A file whose name begins with a dash is named ./${dashed}\n`);
  if (words.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code: 'bad-argument', message, data: {} } })}\n`);
}

watchPipes();
// The last write may fail after the command has come to its end.
process.on('exit', () => {
  if (!outputLost.aborted) return;
  const code = exitCodeOf(outputLost.reason);
  process.exitCode = code;
  if (code !== exitCodes.cancelled.code) process.stderr.write(`${describeError(outputLost.reason).message}\n`);
});
try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  reportUsage(error, process.argv.slice(2));
}
