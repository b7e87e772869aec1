import type { Progress, ProgressListener } from '../protocol/progress.ts';
import { isLongtakeError } from '../protocol/errors.ts';

/** Where a command writes: results on stdout, everything else on stderr, so that `--json` stays machine-readable. */
export type Output = {
  readonly json: boolean;
  /** Prints a result: `value` as JSON with `--json`, otherwise the text. */
  result(value: unknown, text: string): void;
  /** Text of a result while it comes into being; nothing with `--json`. */
  stream(text: string): void;
  /** A line for people, on stderr. */
  note(text: string): void;
  readonly progress: ProgressListener;
  /** Ends an unfinished progress line. */
  endProgress(): void;
};

const stageNames: Readonly<Record<Progress['stage'], string>> = {
  'prepare-model': 'Preparing the model',
  download: 'Downloading',
  encode: 'Watching the video',
  memory: 'Recalling the memory',
  answer: 'Answering',
  export: 'Exporting',
  import: 'Importing',
  verify: 'Checking',
  move: 'Moving',
  proxy: 'Making a playable copy',
  waveform: 'Listening',
  'chapter-cuts': 'Looking for chapters',
  chapters: 'Describing the chapters',
  summary: 'Summarising',
};

export function createOutput(json: boolean): Output {
  const progress = createProgressLine();
  return {
    json,
    result(value, text) {
      progress.end();
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    stream(text) {
      progress.end();
      if (!json) process.stdout.write(text);
    },
    note(text) {
      progress.end();
      process.stderr.write(`${text}\n`);
    },
    progress: progress.show,
    endProgress: progress.end,
  };
}

/** One line that is rewritten on a terminal; elsewhere a line at every tenth, so that a log stays readable. */
function createProgressLine(): { show: ProgressListener; end: () => void } {
  const terminal = process.stderr.isTTY;
  let open = false;
  let lastTenth = '';
  return {
    show(progress) {
      const text = describeProgress(progress);
      if (terminal) {
        process.stderr.write(`\r\u001b[K${text}`);
        open = true;
        return;
      }
      // A few seconds need no log; minutes do.
      if (progress.stage === 'answer' || progress.stage === 'memory') return;
      const tenth = `${progress.stage} ${progress.total === undefined ? 0 : Math.floor((progress.done / progress.total) * 10)}`;
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      process.stderr.write(`${text}\n`);
    },
    end() {
      if (open) process.stderr.write('\r\u001b[K');
      open = false;
    },
  };
}

export function describeProgress({ stage, done, total, etaSeconds }: Progress): string {
  const amount = total === undefined || total === 0 ? String(done) : `${((done / total) * 100).toFixed(1)} %`;
  const left = etaSeconds === undefined ? '' : `, ${formatDuration(etaSeconds)} left`;
  return `${stageNames[stage]}: ${amount}${left}`;
}

export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** The sentence a user sees for an error, and the object that `--json` prints for it. */
export function describeError(error: unknown): { code: string; message: string; data: Readonly<Record<string, unknown>> } {
  if (isLongtakeError(error)) return { code: error.code, message: error.message, data: error.data };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `Something inside Longtake failed: ${message}`, data: {} };
}
