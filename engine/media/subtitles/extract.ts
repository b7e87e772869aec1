import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { throwIfCancelled } from '../../protocol/errors.ts';
import { findSubtitleNames, type SubtitleName } from '../../protocol/subtitle-names.ts';
import { runTool, startTool } from '../child-process.ts';
import { fileInputArguments, showPath } from '../command-line.ts';
import type { MediaOptions, VideoProbe } from '../probe.ts';
import { openSourceFile } from '../source-file.ts';
import { findMediaTools, type MediaTools } from '../tools.ts';
import { decodeText } from './decode-text.ts';
import { parseTimedText, type Cue } from './timed-text.ts';

export type SubtitleTrack = {
  readonly source: 'embedded' | 'sidecar';
  /** As the file tags it ("eng") or as its name says it ("pt-BR"). */
  readonly language?: string;
  readonly title?: string;
  /** Of a sidecar. */
  readonly fileName?: string;
  /** In order of their start, times from the container's start. */
  readonly cues: readonly Cue[];
};

export type Subtitles = {
  readonly tracks: readonly SubtitleTrack[];
  /** Sentences about tracks that could not be used. */
  readonly warnings: readonly string[];
};

const maximumSidecarBytes = 32 * 1024 * 1024;

/**
 * All text subtitles of a video: tracks inside the file (read in one pass over it, without decoding pictures) and
 * SRT, VTT, ASS and SSA files beside it. A track that cannot be used is a warning, never an error.
 * Throws `cancelled`, `ffmpeg-missing` and what {@link openSourceFile} throws.
 */
export async function extractSubtitles(path: string, probe: VideoProbe, options: MediaOptions = {}): Promise<Subtitles> {
  const source = await openSourceFile(path);
  const tools = options.tools ?? (await findMediaTools());
  const warnings: string[] = [];
  const embedded = await readEmbedded(source.path, probe, tools, options, warnings);
  const sidecars: SubtitleTrack[] = [];
  for (const name of findSubtitleNames(basename(source.path), await readdir(dirname(source.path)).catch(() => []))) {
    throwIfCancelled(options.signal);
    const track = await readSidecar(dirname(source.path), name, tools, options, warnings);
    if (track) sidecars.push(track);
  }
  return { tracks: [...embedded, ...sidecars], warnings };
}

/** Changes when a subtitle file beside the video comes, goes or is edited. */
export async function sidecarStamp(path: string): Promise<string> {
  const names = findSubtitleNames(basename(path), await readdir(dirname(path)).catch(() => []));
  const stamps = await Promise.all(names.map(async ({ fileName }) => {
    const stats = await stat(join(dirname(path), fileName)).catch(() => undefined);
    return `${fileName} ${stats?.size} ${stats?.mtimeMs}`;
  }));
  return stamps.join('\n');
}

async function readEmbedded(path: string, probe: VideoProbe, tools: MediaTools, options: MediaOptions, warnings: string[]): Promise<SubtitleTrack[]> {
  for (const { index, codec, isText } of probe.subtitles) {
    if (!isText) warnings.push(`Subtitle stream ${index} is made of pictures (${codec}), not of text, and was left out. Put an .srt file beside the video to have its text.`);
  }
  const streams = probe.subtitles.filter((each) => each.isText);
  if (streams.length === 0) return [];
  // Descriptor 2 is the log, so the outputs are 1, 3, 4, 5, …
  const descriptors = streams.map((_, position) => (position === 0 ? 1 : position + 2));
  const outputs = streams.flatMap((stream, position) => ['-map', `0:${stream.index}`, '-c:s', 'srt', '-f', 'srt', `pipe:${descriptors[position]}`]);
  const tool = startTool(tools.ffmpeg, ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', ...fileInputArguments(path), ...outputs],
    ['ignore', 'pipe', 'ignore', ...streams.slice(1).map(() => 'pipe' as const)], options);
  const texts = descriptors.map(async (descriptor) => {
    const chunks: Buffer[] = [];
    (tool.child.stdio[descriptor] as Readable | null)?.on('data', (chunk: Buffer) => chunks.push(chunk));
    await tool.exited;
    return decodeText(Buffer.concat(chunks));
  });
  const collected = await Promise.all(texts);
  throwIfCancelled(options.signal);
  return streams.flatMap((stream, position): SubtitleTrack[] => {
    const cues = parseTimedText(collected[position] ?? '');
    if (cues.length === 0) {
      warnings.push(`Subtitle stream ${stream.index} (${stream.codec}) has no readable text and was left out.`);
      return [];
    }
    return [{ source: 'embedded', ...labels(stream), cues }];
  });
}

async function readSidecar(folder: string, name: SubtitleName, tools: MediaTools, options: MediaOptions, warnings: string[]): Promise<SubtitleTrack | undefined> {
  const path = join(folder, name.fileName);
  try {
    const { size } = await stat(path);
    if (size > maximumSidecarBytes) {
      warnings.push(`The subtitle file ${showPath(name.fileName)} has ${size} bytes, too many for text, and was left out.`);
      return undefined;
    }
    const text = decodeText(await readFile(path));
    const cues = parseTimedText(name.format === 'ass' ? await convertAss(text, tools, options) : text);
    if (cues.length > 0) return { source: 'sidecar', fileName: name.fileName, ...labels(name), cues };
    warnings.push(`The subtitle file ${showPath(name.fileName)} has no readable cue and was left out.`);
  } catch (error) {
    throwIfCancelled(options.signal);
    warnings.push(`The subtitle file ${showPath(name.fileName)} cannot be read (${error instanceof Error ? error.message : String(error)}) and was left out.`);
  }
  return undefined;
}

/** ASS has a scripting language of its own; ffmpeg knows what of it is text. It gets UTF-8 through a pipe. */
async function convertAss(text: string, tools: MediaTools, options: MediaOptions): Promise<string> {
  const { stdout } = await runTool(tools.ffmpeg, [
    '-hide_banner', '-nostats', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-f', 'ass', '-i', 'pipe:0', '-c:s', 'srt', '-f', 'srt', 'pipe:1',
  ], { ...options, input: text });
  return stdout;
}

function labels(from: { readonly language?: string; readonly title?: string }): { language?: string; title?: string } {
  return { ...(from.language ? { language: from.language } : {}), ...(from.title ? { title: from.title } : {}) };
}
