/** Runs the tests that `npm test` promises: every file under tests/ by default, or those named. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const files = named.length > 0 ? named : globSync('tests/**/*.test.ts', { cwd: root }).sort();

const result = spawnSync(process.execPath, [
  '--disable-warning=ExperimentalWarning', '--test', '--test-reporter=spec', ...flags, ...files,
], { cwd: root, stdio: 'inherit' });
process.exit(result.status ?? 1);
