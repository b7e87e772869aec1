import { resolve } from 'node:path';

/**
 * The input arguments for a local file. Three traps are closed here, once, for every call:
 * the `file:` prefix keeps a leading dash, a colon or a per cent sign in the name from being read as an
 * option, a protocol or a pattern; and the protocol whitelist keeps a playlist that calls itself a video from
 * opening anything on the network.
 */
export function fileInputArguments(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', `file:${resolve(path)}`];
}

/** The command as one line that a POSIX shell takes as it is: for logs and bug reports. */
export function formatCommandLine(executable: string, args: readonly string[]): string {
  return [executable, ...args].map(quoteForShell).join(' ');
}

function quoteForShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A path as people read it in a message: quoted, with line breaks and control characters escaped. */
export function showPath(path: string): string {
  return JSON.stringify(path);
}
