import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { isLongtakeError } from '../../protocol/errors.ts';
import { openMemory, type Memory } from '../../memory/index.ts';
import { memoryDirectory } from '../../pipeline/engine.ts';
import { presentFile } from '../video-cards.ts';
import type { Workspace } from '../workspace.ts';
import { sendText } from './responses.ts';
import { sendFile } from './send-file.ts';

// Browsers decide by the content of a film; the type only has to be one that they try.
const contentTypes: Readonly<Record<string, string>> = { '.mp4': 'video/mp4', '.m4v': 'video/mp4', '.mov': 'video/mp4', '.webm': 'video/webm', '.mkv': 'video/x-matroska', '.ogv': 'video/ogg' };

/** `/media/<video id>`: the bytes of a video of the library. No path crosses. */
export async function sendMedia({ library }: Workspace, request: IncomingMessage, response: ServerResponse, videoId: string): Promise<void> {
  const file = notFoundAsUndefined(() => presentFile(library.videos.get(videoId)));
  if (file === undefined) { sendText(response, 404, 'The file of this video is not where it was. Relink it in the library.'); return; }
  await sendFile(request, response, file, contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream', { 'Cache-Control': 'private, no-cache' });
}

/** `/thumbnails/<memory id>/<frame>`: the JPEG of a frame. It never changes: frames are only appended. */
export class ThumbnailRoute {
  readonly #workspace: Workspace;
  /** The memory of the timeline that is being drawn, and the one before. */
  readonly #open = new Map<string, Memory>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  async send(request: IncomingMessage, response: ServerResponse, memoryId: string, frame: number): Promise<void> {
    const memory = await this.#memory(memoryId, frame).catch((error: unknown) => {
      if (isLongtakeError(error)) return undefined;
      throw error;
    });
    const jpeg = memory !== undefined && frame < memory.frameCount ? await memory.thumbnail(frame) : undefined;
    if (jpeg === undefined) { sendText(response, 404, 'There is no picture of this frame.'); return; }
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': jpeg.byteLength, 'Cache-Control': 'private, max-age=31536000, immutable' });
    response.end(request.method === 'HEAD' ? undefined : jpeg);
  }

  /** A growing memory is opened again for a frame that it did not have before. */
  async #memory(memoryId: string, frame: number): Promise<Memory> {
    const known = this.#open.get(memoryId);
    if (known !== undefined && frame < known.frameCount) return known;
    const { home, library } = this.#workspace;
    const memory = await openMemory(memoryDirectory(home, library.memories.get(memoryId)));
    this.#open.delete(memoryId);
    this.#open.set(memoryId, memory);
    for (const old of [...this.#open.keys()].slice(0, -2)) this.#open.delete(old);
    return memory;
  }
}

function notFoundAsUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (isLongtakeError(error, 'not-found')) return undefined;
    throw error;
  }
}
