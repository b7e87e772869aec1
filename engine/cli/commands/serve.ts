import { once } from 'node:events';
import type { Command } from 'commander';
import { defaultRoot } from '../../pipeline/home.ts';
import { startEngineProcess } from '../../server/engine-process.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../server/web/host.ts';
import { announceHost } from '../../server/web/running-host.ts';
import { parsePort } from '../options.ts';
import { defineCommand, runCommand, type CommandContext } from '../run.ts';

export function addServeCommand(program: Command): void {
  addHostOptions(defineCommand(program, 'serve', 'run the engine for a browser on this machine, and print the address to open', 'serve --port 8080'))
    .action((flags: HostFlags) => runCommand(flags.json === true, (context) => serve(context, flags)));
}

export type HostFlags = { readonly json?: boolean; readonly host: string; readonly port: number };

export function addHostOptions(command: Command): Command {
  return command
    .option('--host <address>', 'an address of the loopback', '127.0.0.1')
    .option('--port <number>', 'where to listen; 0 for any that is free', parsePort, 0);
}

/** Serves until it is told to stop. */
export async function serve({ output, signal }: CommandContext, options: WebHostOptions, onOpen?: (host: WebHost) => void): Promise<number> {
  await using engine = startEngineProcess();
  const token = process.env['LONGTAKE_TOKEN'];
  await using host = await startWebHost(engine, { ...options, ...token && { token } });
  const withdraw = announceHost(defaultRoot(), host);
  output.result({ address: host.address, api: `${host.origin}/v1`, token: host.token }, `Longtake is at ${host.address}`);
  output.note(`OpenAI-style API: ${host.origin}/v1, with the token of the address as its key. LONGTAKE_TOKEN sets one that stays.`);
  output.note('The address holds a secret: whoever has it can read your library. Ctrl-C stops; what is being encoded goes on at the next start.');
  engine.onState((_state, error) => { if (error !== undefined) output.note(error.message); });
  onOpen?.(host);
  if (!signal.aborted) await once(signal, 'abort');
  withdraw();
  return 0;
}
