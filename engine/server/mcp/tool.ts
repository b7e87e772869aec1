import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { EngineClient } from '../../protocol/envelope-client.ts';
import { toWireError } from '../../protocol/envelope.ts';
import type { EngineSource } from '../engine-link.ts';

/** What a tool has to work with: an engine, the client's wish to stop, and a way to say how far it is. */
export type ToolContext = { readonly client: EngineClient; readonly signal: AbortSignal; readonly report: (share: number, message: string) => void };

/** What a tool gives: text for an assistant to read, the same as data, and perhaps pictures. */
export type ToolOutcome<Data> = { readonly text: string; readonly data: Data; readonly jpegs?: readonly string[] };

export type Tool<Input extends z.ZodObject, Output extends z.ZodObject> = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** Whether it leaves everything as it is. The one that does not only adds. */
  readonly readOnly: boolean;
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<ToolOutcome<z.input<Output>>>;
};

/** Longtake asks nothing of the network, and adds to the library at most. */
export function addTool<Input extends z.ZodObject, Output extends z.ZodObject>(server: McpServer, link: EngineSource, { name, title, description, input, output, readOnly, run }: Tool<Input, Output>): void {
  const annotations = { title, readOnlyHint: readOnly, destructiveHint: false, idempotentHint: true, openWorldHint: false };
  const call = async (given: unknown, context: ServerContext): Promise<CallToolResult> => {
    try {
      const { text, data, jpegs = [] } = await run(input.parse(given), { client: await link.client(), signal: context.mcpReq.signal, report: reporter(context) });
      const images = jpegs.map((jpeg) => ({ type: 'image', data: jpeg, mimeType: 'image/jpeg' }) as const);
      return { content: [{ type: 'text', text }, ...images], structuredContent: output.parse(data) };
    } catch (error) {
      // For the assistant, which may do what the sentence says; an error of the protocol would end its turn.
      const { code, message } = toWireError(error);
      return { content: [{ type: 'text', text: `${message} [${code}]` }], isError: true };
    }
  };
  server.registerTool<z.ZodObject, z.ZodObject>(name, { title, description, inputSchema: input, outputSchema: output, annotations }, call);
}

/** Progress for a client that has asked for it; the protocol wants it to rise. */
function reporter({ mcpReq }: ServerContext): ToolContext['report'] {
  const token = mcpReq._meta?.progressToken;
  let last = -1;
  return (share, message) => {
    if (token === undefined || share <= last) return;
    last = share;
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: share, total: 1, message } }).catch(() => undefined); // the client has gone
  };
}
