import { McpServer } from '@modelcontextprotocol/server';
import type { EngineSource } from '../engine-link.ts';
import { engineVersion } from '../version.ts';
import { addAskTool } from './ask-tool.ts';
import { addLibraryTools } from './library-tools.ts';
import { addVideoTools } from './video-tools.ts';

const instructions = 'Longtake watches long videos of this machine once and answers questions about them, all locally. '
  + 'list_videos or search_library lead to a video, watch_video prepares one, ask_video asks about what is seen, get_subtitles says what is spoken, get_frames shows pictures.';

/** The Model Context Protocol's view of the library (docs/automation.md). */
export function createMcpServer(link: EngineSource): McpServer {
  const server = new McpServer({ name: 'longtake', title: 'Longtake', version: engineVersion }, { instructions, capabilities: { tools: {} } });
  addLibraryTools(server, link);
  addAskTool(server, link);
  addVideoTools(server, link);
  return server;
}
