import { throwIfCancelled } from '../protocol/errors.ts';
import { startTool } from './child-process.ts';
import { fileInputArguments } from './command-line.ts';
import { LineSplitter } from './frame-log.ts';
import type { MediaOptions, VideoProbe } from './probe.ts';
import { findMediaTools } from './tools.ts';

/**
 * The length of a video whose header does not tell it (live recordings, raw streams), by reading its packets without
 * decoding them: as fast as the disk. Undefined where even the packets carry no times.
 */
export async function measureDuration(probe: VideoProbe, options: MediaOptions = {}): Promise<number | undefined> {
  const tools = options.tools ?? (await findMediaTools());
  const tool = startTool(tools.ffprobe, [
    '-hide_banner', '-loglevel', 'quiet', '-select_streams', String(probe.video.index),
    '-show_entries', 'packet=pts_time,duration_time', '-of', 'compact=nokey=0', ...fileInputArguments(probe.path),
  ], ['ignore', 'pipe', 'ignore'], options);
  const end = new PacketEnd();
  const lines = new LineSplitter();
  tool.child.stdout?.on('data', (chunk: Buffer) => lines.push(chunk).forEach((line) => end.packet(line)));
  await tool.exited;
  throwIfCancelled(options.signal);
  return end.seconds(probe.startSeconds, probe.video.averageFrameRate);
}

/** Collects the end of the last packet from lines such as `packet|pts_time=0.033000|duration_time=0.033000`. */
export class PacketEnd {
  #packets = 0;
  #untimedSeconds = 0;
  #latestEnd = Number.NEGATIVE_INFINITY;

  packet(line: string): void {
    if (!line.startsWith('packet|')) return;
    this.#packets += 1;
    const duration = Number(/duration_time=([\d.]+)/.exec(line)?.[1] ?? 0);
    const pts = /pts_time=(-?[\d.]+)/.exec(line);
    if (pts) this.#latestEnd = Math.max(this.#latestEnd, Number(pts[1]) + duration);
    else this.#untimedSeconds += duration;
  }

  /** Packets of raw streams have no times, only lengths; without those they are counted at the stream's own rate. */
  seconds(startSeconds: number, averageFrameRate: number): number | undefined {
    if (Number.isFinite(this.#latestEnd)) return Math.max(0, this.#latestEnd - startSeconds);
    if (this.#untimedSeconds > 0) return this.#untimedSeconds;
    return this.#packets > 0 && averageFrameRate > 0 ? this.#packets / averageFrameRate : undefined;
  }
}
