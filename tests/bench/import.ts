/**
 * Copies a checkpoint of a released model's shapes and imports it, in turn, both flushed to the disk:
 *   node tests/bench/import.ts [--size 3b|7b] [--layers N] [--weights float16|int4] [--rounds N] [--directory DIR] [--from download|folder]
 * After a download the checkpoint is not hashed again. What it makes is deleted, unless a checkpoint was there already.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildModelPackage } from '../../engine/models/package.ts';
import { allocatorEnvironment, heapFlags } from '../../engine/server/engine-process.ts';
import { writeReleasedCheckpoint } from '../fixtures/released-checkpoint.ts';
import { describeMachine, median } from './support.ts';

const { values: given } = parseArgs({ options: {
  size: { type: 'string', default: '3b' }, layers: { type: 'string' }, weights: { type: 'string', default: 'float16' }, rounds: { type: 'string', default: '3' },
  directory: { type: 'string', default: path.join(tmpdir(), 'longtake-import') }, from: { type: 'string', default: 'download' }, only: { type: 'string' },
} });
const size = given.size === '7b' ? '7b' : '3b';
const weights = given.weights === 'int4' ? 'int4' : 'float16';
const layers = given.layers === undefined ? undefined : Number(given.layers);
const checkpoint = path.join(given.directory, `${size}-${given.layers ?? 'all'}`);
const target = path.join(given.directory, 'made');
type Measured = { readonly what: string; readonly wallSeconds: number; readonly processorSeconds: number; readonly peakRssMegabytes: number };

/** Each in a process of its own, started as the engine is. */
const work: Record<string, () => Promise<unknown>> = { copy, import: importPackage };
if (given.only !== undefined) await measure(given.only);
else await compare();

async function compare(): Promise<void> {
  console.log(`${describeMachine()}; ${size}, ${given.layers ?? 'all'} layers, ${weights}, as from a ${given.from}`);
  const wasThere = existsSync(checkpoint);
  if (!wasThere) await writeReleasedCheckpoint(checkpoint, size, layers === undefined ? {} : { layers, towerLayers: layers });
  const seconds: Record<string, number[]> = { copy: [], import: [] };
  try {
    for (let round = 0; round < Number(given.rounds); round += 1) {
      for (const what of ['copy', 'import']) {
        await rm(target, { recursive: true, force: true });
        const line = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...heapFlags, import.meta.filename, ...process.argv.slice(2), '--only', what],
          { env: { ...allocatorEnvironment, ...process.env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
        console.log(line);
        seconds[what]?.push((JSON.parse(line) as Measured).wallSeconds);
      }
    }
    const [copied, imported] = [median(seconds.copy ?? []), median(seconds.import ?? [])];
    console.log(JSON.stringify({ copySeconds: copied, importSeconds: imported, ratio: Number((imported / copied).toFixed(2)) }));
  } finally {
    await rm(target, { recursive: true, force: true });
    if (!wasThere) await rm(checkpoint, { recursive: true, force: true });
  }
}

async function measure(what: string): Promise<void> {
  const load = loadavg()[0] ?? NaN;
  const started = performance.now();
  await work[what]?.();
  const wallSeconds = Number(((performance.now() - started) / 1000).toFixed(2));
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const measured: Measured = { what, wallSeconds, processorSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(2)), peakRssMegabytes: Math.round(maxRSS * 1024 / 1e6) };
  console.log(JSON.stringify({ ...measured, load: Number(load.toFixed(1)) }));
}

async function copy(): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(checkpoint)) {
    await copyFile(path.join(checkpoint, name), path.join(target, name));
    await using file = await open(path.join(target, name), 'r+');
    await file.sync();
  }
}

/** As after a download, or from a folder: with a draft that could be gone on with. */
async function importPackage(): Promise<void> {
  await buildModelPackage(checkpoint, target, {
    weights, draftDirectory: `${target}.draft`, ...(given.from === 'download' && { checkpointSha256: '0'.repeat(64) }),
  });
}
