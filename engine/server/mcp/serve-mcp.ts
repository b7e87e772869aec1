import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { once } from 'node:events';
import { openEngineLink, type EngineLink } from '../engine-link.ts';
import { engineVersion } from '../version.ts';
import { addAskTool } from './ask-tool.ts';
import { addLibraryTools } from './library-tools.ts';
import { addVideoTools } from './video-tools.ts';

const instructions = 'Longtake watches long videos of this machine once and answers questions about them, all locally. '
  + 'list_videos or search_library lead to a video, watch_video prepares one, ask_video asks about what is seen, get_subtitles says what is spoken, get_frames shows pictures.';

/** The Model Context Protocol's view of the library (docs/automation.md). */
export function createMcpServer(link: EngineLink): McpServer {
  const server = new McpServer({ name: 'longtake', title: 'Longtake', version: engineVersion }, { instructions, capabilities: { tools: {} } });
  addLibraryTools(server, link);
  addAskTool(server, link);
  addVideoTools(server, link);
  return server;
}

/** Serves over stdin and stdout until the client closes them, or the signal fires. */
export async function serveMcp(signal: AbortSignal): Promise<void> {
  await using link = openEngineLink();
  // A pipe closes; a file, or nothing at all, only ends.
  const closed = Promise.race(['end', 'close'].map((event) => once(process.stdin, event, { signal }))).catch(() => undefined);
  const handle = serveStdio(() => createMcpServer(link), { transport: new StdioServerTransport() });
  await closed;
  await handle.close();
}
