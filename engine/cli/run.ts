import type { Command } from 'commander';
import { isLongtakeError } from '../protocol/errors.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createOutput, describeError, type Output } from './output.ts';
import { outputLost } from './pipes.ts';

export type CommandContext = { readonly output: Output; readonly signal: AbortSignal };

/** Ctrl-C, being told to end, and a terminal that is closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command's work: Ctrl-C asks it to stop, a second Ctrl-C leaves at once; an error becomes its sentence on
 * stderr (or an `error` object on stdout with `--json`) and its exit code.
 */
export async function runCommand(json: boolean, work: (context: CommandContext) => Promise<number | undefined>): Promise<void> {
  const output = createOutput(json);
  const controller = new AbortController();
  // The others may come twice at once: from the terminal that closes, and from the launcher that passes them on.
  const interrupt = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted && name === 'SIGINT') process.exit(exitCodes.cancelled.code);
    controller.abort();
  };
  for (const name of stopSignals) process.on(name, interrupt);
  try {
    process.exitCode = (await work({ output, signal: AbortSignal.any([controller.signal, outputLost]) })) ?? 0;
  } catch (error) {
    output.endProgress();
    process.exitCode = exitCodeOf(error);
    report(error, output);
  } finally {
    output.endProgress();
  }
}

function report(error: unknown, output: Output): void {
  const described = describeError(error);
  if (output.json) {
    process.stdout.write(`${JSON.stringify({ error: described })}\n`);
  } else if (isLongtakeError(error, 'cancelled')) {
    output.note('Stopped. What was done so far is kept.');
  } else {
    output.note(`${described.message} [${described.code}]`);
    // The stack helps whoever mends it; a person at a terminal has read the sentence.
    if (described.code === 'internal' && process.env['LONGTAKE_DEBUG'] && error instanceof Error) output.note(error.stack ?? '');
  }
}

/** A command with `--json`, an example in its help, and the usual ending; the default one runs where its parent is called alone. */
export function defineCommand(parent: Command, nameAndArguments: string, description: string, example: string, { isDefault = false } = {}): Command {
  return parent.command(nameAndArguments, { isDefault })
    .description(description)
    .option('--json', 'print one JSON object on stdout; progress stays on stderr')
    .addHelpText('after', `\nExample:\n  longtake ${example}`);
}
