import { isLongtakeError, type ErrorCode } from '../protocol/errors.ts';

/** What a script can rely on; `longtake --help` prints the list and README has it. */
export const exitCodes = {
  success: { code: 0, meaning: 'success' },
  failure: { code: 1, meaning: 'something failed; or a check (golden, eval) did not hold' },
  usage: { code: 2, meaning: 'the command line is wrong' },
  input: { code: 3, meaning: 'the video, question or file given cannot be used' },
  data: { code: 4, meaning: 'a model, memory, archive or the library is damaged, of another kind, or newer than this version' },
  machine: { code: 5, meaning: 'this machine cannot do it: memory, disk, permissions, ffmpeg, provider' },
  cancelled: { code: 130, meaning: 'stopped, by Ctrl-C or because nobody reads the output any more; nothing is lost' },
} as const;

type Outcome = keyof typeof exitCodes;

const outcomeOf: Readonly<Record<ErrorCode, Outcome>> = {
  'bad-argument': 'usage',
  'file-not-found': 'input',
  'file-unreadable': 'input',
  'file-changed': 'input',
  'not-a-video': 'input',
  'no-video-stream': 'input',
  'no-frames': 'input',
  'not-found': 'input',
  'question-empty': 'input',
  'question-too-long': 'input',
  'checkpoint-invalid': 'data',
  'checkpoint-unsupported': 'data',
  'model-invalid': 'data',
  'model-not-found': 'data',
  'network-failed': 'machine',
  'access-denied': 'machine',
  'download-invalid': 'data',
  'memory-invalid': 'data',
  'memory-mismatch': 'data',
  'newer-version': 'data',
  'archive-hostile': 'data',
  'ffmpeg-missing': 'machine',
  'ffmpeg-failed': 'input',
  'provider-unavailable': 'machine',
  'out-of-memory': 'machine',
  'device-failed': 'machine',
  'disk-full': 'machine',
  'read-only': 'machine',
  'library-busy': 'machine',
  'connection-lost': 'failure',
  cancelled: 'cancelled',
  internal: 'failure',
};

export function exitCodeOf(error: unknown): number {
  return isLongtakeError(error) ? exitCodes[outcomeOf[error.code]].code : exitCodes.failure.code;
}
