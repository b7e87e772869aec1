/** What one line of ffmpeg's log says that matters while frames are read. */
export type LogEvent =
  | { readonly kind: 'frame'; readonly ptsSeconds: number }
  /** Something in the file could not be read or decoded. */
  | { readonly kind: 'damage'; readonly message: string }
  /** Something else went wrong. */
  | { readonly kind: 'failure'; readonly message: string };

/** Parts of ffmpeg that complain about the output or about nothing: never about the file. */
const silentParts = /^(swscaler|rawvideo|image2pipe|null|graph .*|Parsed_.*|auto_scale.*|scale.*)$/;

/** Faults of the command or of the output side. */
const failures = new RegExp(`^(${[
  'Conversion failed', 'Error (writing|closing|muxing|submitting|initializing|setting|configuring|reinitializing|while opening encoder)',
  'av_interleaved_write_frame', 'Unable to parse', 'Undefined constant', 'Unknown', 'Unrecognized', 'Option', 'Invalid option',
  'No such filter', 'Failed to (set|inject|configure|set value)', 'Cannot (create|find a matching)', 'Impossible to convert',
].join('|')})`);

/**
 * Reads lines of `-loglevel level+info`, such as
 * `[showinfo@1f @ 0x55] [info] n:   1 pts:1001000 pts_time:1.001 …` and `[h264 @ 0x55] [error] error while decoding MB 3 4`.
 * `nonce` names this run's showinfo filter: a file can put text of its own into the log (its name, its tags), but
 * cannot know the nonce, so no timestamp can be forged. Timestamps are in microseconds (`settb=AVTB` stands before showinfo):
 * `pts_time` has only six significant digits, which is 10 ms after an hour.
 */
export function parseLogLine(line: string, nonce: string): LogEvent | undefined {
  const match = /^(?:\[([^\]]*?)(?: @ [0-9a-fx]+)?\] )*?\[(info|warning|error|fatal|panic)\] (.*)$/i.exec(line);
  if (!match) return undefined;
  const [, part = '', level = '', message = ''] = match;
  if (part === `showinfo@${nonce}`) {
    const pts = /^n: *\d+ pts: *(-?\d+) /.exec(message);
    return pts ? { kind: 'frame', ptsSeconds: Number(pts[1]) / 1e6 } : undefined;
  }
  if (level === 'info') return undefined;
  if (level === 'warning') {
    return /corrupt decoded frame|Packet corrupt|corrupt input packet/i.test(message) ? { kind: 'damage', message: withoutFileName(message) } : undefined;
  }
  if (silentParts.test(part)) return undefined;
  if (failures.test(message)) return { kind: 'failure', message };
  return { kind: 'damage', message: withoutFileName(message) };
}

/** ffmpeg puts the file's name before some complaints; whoever shows one names the video itself. */
function withoutFileName(message: string): string {
  return message.replace(/^file:.*: (?=corrupt )/, '');
}

/** Cuts a stream of bytes into lines, also where one line comes in several chunks. */
export class LineSplitter {
  #rest = '';
  readonly #decoder = new TextDecoder();

  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '').slice(-16_384);
    return lines;
  }

  /** The last line, where it does not end in a line break. */
  flush(): string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
