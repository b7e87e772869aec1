import { open } from 'node:fs/promises';
import { LongtakeError } from '../protocol/errors.ts';
import { runTool, type ToolOptions } from './child-process.ts';
import { fileInputArguments, showPath } from './command-line.ts';
import { describeProbe, type VideoDescription } from './describe-probe.ts';
import { probeReport } from './probe-report.ts';
import { openSourceFile } from './source-file.ts';
import { findMediaTools, type MediaTools } from './tools.ts';

/** What a file says of itself, before a frame of it is decoded. Plain JSON. All times count from `startSeconds`. */
export type VideoProbe = VideoDescription & {
  /** Absolute. */
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedMilliseconds: number;
};

export type MediaOptions = ToolOptions & {
  /** Default: what {@link findMediaTools} finds. */
  readonly tools?: MediaTools | undefined;
};

/**
 * Looks into a video file. Throws `file-not-found`, `file-unreadable`, `not-a-video` (nothing that ffmpeg can open, a
 * playlist, a picture), `no-video-stream` (audio or subtitles only), `ffmpeg-missing`, `cancelled`.
 */
export async function probeVideo(path: string, options: MediaOptions = {}): Promise<VideoProbe> {
  const source = await openSourceFile(path);
  const tools = options.tools ?? (await findMediaTools());
  const { exitCode, signal, stdout, stderr } = await runTool(tools.ffprobe, [
    '-hide_banner', '-loglevel', 'error', '-of', 'json', '-show_format', '-show_streams', '-show_chapters',
    ...fileInputArguments(source.path),
  ], options);
  if (exitCode === null) {
    throw new LongtakeError('ffmpeg-failed',
      `ffprobe crashed (${signal ?? 'unknown signal'}) on ${showPath(path)}. Try another build of it: set LONGTAKE_FFPROBE to its full path.`, { path, signal });
  }
  const parsed = probeReport.safeParse(parseJson(stdout));
  if (exitCode !== 0 || !parsed.success || !parsed.data.format) throw explainProbeFailure(path, stderr, await readHead(source.path));
  return { ...source, ...describeProbe(path, parsed.data) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Turns what ffprobe said into a sentence that says what to do. `head` is the file's first bytes. */
export function explainProbeFailure(path: string, stderr: string, head: Uint8Array): LongtakeError {
  const name = showPath(path);
  // ffmpeg believes the ending of a name: text called .mp4 is to it an MP4 without an index.
  if (head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    return new LongtakeError('not-a-video', `${name} is text, not a video, whatever its name ends in. Give the video file itself.`, { path });
  }
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  const firstBox = new TextDecoder('latin1').decode(head.subarray(4, 8));
  if (/moov atom not found/.test(stderr) && /^(ftyp|mdat|free|skip|wide|moof|styp|pnot)$/.test(firstBox)) {
    return new LongtakeError('not-a-video',
      `${name} is incomplete: its index (the "moov" part of an MP4) is missing, so no picture can be found in it. ` +
      'The recording or the download was cut off; get the whole file, or repair it with a tool such as untrunc.', { path });
  }
  if (/not on whitelist|Protocol .* not/i.test(stderr)) {
    return new LongtakeError('not-a-video', `${name} is a list that points to other places, not a video. Give the video file itself.`, { path });
  }
  if (/Permission denied/.test(stderr)) {
    return new LongtakeError('file-unreadable', `The file ${name} cannot be read: permission denied. Check its permissions.`, { path });
  }
  return new LongtakeError('not-a-video',
    `${name} is not a video that ffmpeg can open (${lastLine.replace(/^.*?: (?=[A-Z])/, '') || 'no reason given'}). ` +
    'Check that it plays in a video player, or convert it to MP4.', { path, ffprobe: lastLine });
}
