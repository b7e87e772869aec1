import type { Command } from 'commander';
import { runCommand } from '../run.ts';

export function addMcpCommand(program: Command): void {
  program.command('mcp')
    .description('serve the library to an assistant over stdin and stdout (Model Context Protocol); the assistant\'s program starts it')
    .addHelpText('after', `
Uses the engine of "longtake serve" or "npm start" where one is running, otherwise one of its own.

Example:
  longtake mcp

In the configuration of the assistant's program:
  {"mcpServers": {"longtake": {"command": "npm", "args": ["--silent", "--prefix", "FOLDER OF LONGTAKE", "run", "longtake", "--", "mcp"]}}}`)
    .action(() => runCommand(false, async ({ signal }) => {
      // Its schemas take a while to load, and no other command needs them.
      const { serveMcp } = await import('../../server/mcp/serve-mcp.ts');
      await serveMcp(signal);
      return 0;
    }));
}
