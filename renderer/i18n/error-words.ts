import { describeBytes } from '../../engine/protocol/sizes.ts';

/** An error as it crosses from the engine, or one of the page's own, which has no code. */
export type SaidError = { readonly code?: string | undefined; readonly message: string; readonly data?: Readonly<Record<string, unknown>> | undefined };

/** What the sentence of a code names in a language that has one of its own (`errors.told`); without it, its first words and the engine's sentence are said. */
const named: Readonly<Record<string, readonly ('name' | 'need' | 'free')[]>> = {
  'file-not-found': ['name'],
  'file-unreadable': ['name'],
  'file-changed': ['name'],
  'not-a-video': ['name'],
  'no-video-stream': ['name'],
  'disk-full': ['need', 'free'],
  'network-failed': [],
  'question-empty': [],
  'question-too-long': [],
  'connection-lost': [],
};

/**
 * An error in the language of the interface. The commonest are whole sentences, made from their code and data. Of the
 * others the code says what kind of error it is; the engine's own sentence, with the file and the numbers, is English, and
 * stands behind. In English the engine's sentence says most, and is what is said.
 */
export function errorWords(t: (key: string, values: Readonly<Record<string, string>>) => string, { code, message, data = {} }: SaidError): string {
  if (code === undefined) return message;
  const values = valuesOf(data);
  const isTold = Object.hasOwn(named, code) && named[code]?.every((name) => values[name] !== undefined) === true;
  return t(isTold ? `errors.told.${code}` : `errors.${code}`, { ...values, message, defaultValue: message });
}

function valuesOf(data: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const bytes = (...names: readonly string[]): string | undefined => names.map((name) => data[name]).filter((value) => typeof value === 'number').map(describeBytes)[0];
  const name = typeof data['path'] === 'string' ? data['path'].split(/[\\/]/u).findLast((part) => part !== '') : undefined;
  const [need, free] = [bytes('neededBytes', 'missingBytes', 'byteLength', 'diskBytes'), bytes('freeBytes', 'freeDiskBytes')];
  return { ...(name !== undefined && { name }), ...(need !== undefined && { need }), ...(free !== undefined && { free }) };
}
