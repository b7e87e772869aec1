import { createHash } from 'node:crypto';
import { LongtakeError } from '../protocol/errors.ts';

/**
 * JSON that carries its own hash, so that no flipped byte in it goes unseen. The last member is `"sha256"`, and
 * the file ends with the 68 bytes `<64 hex digits>"\n}\n`. The hash is over the whole file with those digits as zeros:
 * every language can check it without knowing how another one prints numbers.
 */
const zeros = '0'.repeat(64);
const ending = '"\n}\n';
const trailerLength = zeros.length + ending.length;

/** In lower-case hex, over the parts one after the other. */
export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The bytes of a sealed JSON object. Members keep their order; `value` must not have a `sha256` of its own. */
export function seal(value: Readonly<Record<string, unknown>>): Uint8Array {
  const blank = Buffer.from(`${JSON.stringify({ ...value, sha256: zeros }, null, 1)}\n`, 'utf8');
  blank.write(sha256(blank), blank.byteLength - trailerLength, 'latin1');
  return blank;
}

export type Sealed = { readonly value: Record<string, unknown>; readonly sha256: string };

/**
 * Parses and checks sealed JSON. Throws `newer-version` where its `version` is above `knownVersion`, before
 * anything else is expected of it, and `memory-invalid` where it is damaged or not such a file.
 * @param name what the messages call the file
 */
export function unseal(bytes: Uint8Array, format: string, knownVersion: number, name: string): Sealed {
  const value = parseObject(bytes, name);
  if (value['format'] !== format) {
    throw new LongtakeError('memory-invalid', `${name} is not a file of a Longtake memory: its format is `
      + `${JSON.stringify(value['format']) ?? 'missing'} where "${format}" was expected.`, { file: name });
  }
  const version = value['version'];
  if (typeof version === 'number' && version > knownVersion) {
    throw new LongtakeError('newer-version', `${name} was written by a newer Longtake: its format version is ${version}, `
      + `this one reads up to ${knownVersion}. Update Longtake to use it.`, { file: name, version, knownVersion });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = text.byteLength - trailerLength;
  const stated = text.toString('latin1', Math.max(0, start), start + zeros.length);
  const blank = Buffer.from(text);
  blank.write(zeros, Math.max(0, start), 'latin1');
  const actual = sha256(blank);
  if (text.toString('latin1', start + zeros.length) !== ending || value['sha256'] !== stated || stated !== actual) {
    throw new LongtakeError('memory-invalid', `${name} is damaged: its sha256 is ${actual} and should be ${stated}. `
      + 'Restore it from a copy, or encode the video again.', { file: name, expected: stated, found: actual });
  }
  return { value, sha256: stated };
}

function parseObject(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (cause) {
    throw new LongtakeError('memory-invalid', `${name} is damaged: it is not JSON `
      + `(${cause instanceof Error ? cause.message : String(cause)}). Restore it from a copy, or encode the video again.`,
    { file: name }, { cause });
  }
  throw new LongtakeError('memory-invalid', `${name} is damaged: it holds no JSON object.`, { file: name });
}
