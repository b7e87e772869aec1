import { once } from 'node:events';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { openEngineLink } from '../engine-link.ts';
import { createMcpServer } from './mcp-server.ts';

/** Serves over stdin and stdout until the client closes them, or the signal fires. */
export async function serveMcp(signal: AbortSignal): Promise<void> {
  await using link = openEngineLink();
  // A pipe closes; a file, or nothing at all, only ends.
  const closed = Promise.race(['end', 'close'].map((event) => once(process.stdin, event, { signal }))).catch(() => undefined);
  const handle = serveStdio(() => createMcpServer(link), { transport: new StdioServerTransport() });
  await closed;
  await handle.close();
}
