/** Runs the tests that `npm test` promises: every file under tests/ by default, or those named. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.ts';

const root = path.dirname(import.meta.dirname);
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const files = named.length > 0 ? named : globSync('tests/**/*.test.ts', { cwd: root }).sort();

// Several files want the interface, and one that is put in place while another's page loads it would be missing for a moment.
if (named.length === 0) await buildIfStale();

/** Node's own choice is one core less than there are. Many of these tests wait for processes that they have started, so one more than there are. */
const concurrency = 1 + availableParallelism();
/** Hundreds of processes read the same modules: compiled once, a command starts in 0.35 s instead of 0.6 s. */
const compiled = path.join(root, '.cache', 'compiled');
const result = spawnSync(process.execPath, [
  '--disable-warning=ExperimentalWarning', '--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, ...flags, ...files,
], { cwd: root, stdio: 'inherit', env: { NODE_COMPILE_CACHE: compiled, ...process.env } });
process.exit(result.status ?? 1);
