import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

/** A folder of its own for a test file, gone afterwards. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `longtake-${name}-`));
  after(() => { rmSync(directory, { recursive: true, force: true }); });
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
