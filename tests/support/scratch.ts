import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];
process.once('exit', () => { for (const directory of made) rmSync(directory, { recursive: true, force: true }); });

/**
 * A folder of its own, gone with the process of the test file. Not with a hook: `after` inside of a `before` belongs to
 * that hook and would take the folder away before the first test.
 */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `longtake-${name}-`));
  made.push(directory);
  return directory;
}

/** One hash over names and bytes of everything in a folder. */
export function hashDirectory(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(directory, name);
    hash.update(`${name}\n`);
    try {
      hash.update(readFileSync(file));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EISDIR')) throw error;
    }
  }
  return hash.digest('hex');
}
