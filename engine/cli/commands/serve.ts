import { once } from 'node:events';
import type { Command } from 'commander';
import { startEngineProcess } from '../../server/engine-process.ts';
import { startWebHost } from '../../server/web/host.ts';
import { parseWholeNumber } from '../options.ts';
import { defineCommand, runCommand } from '../run.ts';

export function addServeCommand(program: Command): void {
  defineCommand(program, 'serve', 'run the engine for a browser on this machine, and print the address to open', 'serve --port 8080')
    .option('--host <address>', 'an address of the loopback', '127.0.0.1')
    .option('--port <number>', 'where to listen; 0 for any that is free', parseWholeNumber, 0)
    .action((flags: { json?: boolean; host: string; port: number }) =>
      runCommand(flags.json === true, async ({ output, signal }) => {
        await using engine = startEngineProcess();
        await using host = await startWebHost(engine, flags);
        output.result({ address: host.address }, `Longtake is at ${host.address}`);
        output.note('The address holds a secret: whoever has it can read your library. Ctrl-C stops; what is being encoded goes on at the next start.');
        if (!signal.aborted) await once(signal, 'abort');
        return 0;
      }));
}
