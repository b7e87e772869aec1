/**
 * The released models' full shapes with random weights, on whatever this machine has: encode, keys and values of the
 * memory, first token, decode, and graphics memory against the estimate that is shown before. Each number is a line of
 * JSON on stdout as soon as it is measured; times of the stages and a table are on stderr.
 *   node tests/bench/gpu/released.ts --size 3b [--weights float16|int4] [--provider webgpu] [--minutes 60] [--frames 64]
 *     [--tokens 64] [--questions 3] [--directory DIR] [--stages reference,checkpoint,package,speed,encode,batches,ask] [--reference]
 *     [--profile] [--card N] [--batches 1,4,16] [--limit SECONDS] [--layers N] [--provider-option NAME=VALUE]…
 *     [--kernels onnxruntime]
 * What is left out of `--stages` by default: reference, checkpoint (package makes it), batches.
 * DIR keeps checkpoint and package for the next run (7.4 + 7.4 GB for 3b, 17.4 + 17.5 GB for 7b). Every stage is a process
 * of its own, so that one that fails or passes its limit leaves the others alone. `reference` measures PyTorch on the same
 * card (reference.py), where it is installed, while the package is made. `batches` times the tower by frames a run.
 * `--kernels onnxruntime` leaves our own kernels out, those of the tower as well: `tower` of a line says whose it was.
 * `--profile` sums the time of a stage by operator and by kernel; such a run is slower, so its numbers are no results.
 * `--layers` shortens decoder and tower, to try the benchmark itself.
 * `--card` is the card whose memory is told, where others are in use by others; default: the one that grows most.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { answerNeeds, encodeNeeds, framesPerDeviceRun, kernelEncodeNeeds } from '../../../engine/models/needs.ts';
import { readModelSpec } from '../../../engine/models/package.ts';
import { describeMachine } from '../support.ts';
import { watchGraphicsMemory } from './graphics-memory.ts';
import { readOptions, type StageName } from './options.ts';

type Line = Record<string, unknown> & { readonly stage: string };

const scratch = path.join(tmpdir(), `longtake-gpu-bench-${String(process.pid)}`);
const options = readOptions(process.argv.slice(2), scratch);
const startedMs = performance.now();
const lines: Line[] = [];

function print(line: Line): void {
  lines.push(line);
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function log(text: string): void {
  process.stderr.write(`[${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s] ${text}\n`);
}

mkdirSync(options.directory, { recursive: true });
try {
  print({ stage: 'machine', machine: describeMachine(), ...options });
  const reference = options.stages.includes('reference') ? runReference() : undefined;
  const making = options.stages.filter((stage) => stage === 'checkpoint' || stage === 'package');
  for (const stage of making) await runStage(stage);
  await reference;
  const rest = options.stages.filter((stage) => stage !== 'checkpoint' && stage !== 'package' && stage !== 'reference');
  if (rest.length > 0) await printEstimate();
  for (const stage of rest) await runStage(stage);
  for (const row of results()) log(row);
} finally {
  if (!options.keepsDirectory) rmSync(options.directory, { recursive: true, force: true });
}

/** What the catalogue and the plan of an answer say before anything is loaded. */
async function printEstimate(): Promise<void> {
  const spec = await readModelSpec(options.packageDirectory);
  const memoryTokens = options.seconds * (spec.tokensPerFrame + 1);
  const compute = options.provider === 'webgpu' && options.weights !== 'float32' ? 'float16' : 'float32';
  print({ stage: 'estimate', compute, memoryTokens, encodeBytes: encodeNeeds(spec, compute, framesPerDeviceRun), encodeWithKernelsBytes: kernelEncodeNeeds(spec, compute),
    ask: answerNeeds(spec, spec.weights, compute, memoryTokens), askWithKernel: answerNeeds(spec, spec.weights, compute, memoryTokens, { hasKernel: true }) });
}

/** Runs a stage and passes its lines on, each with the most graphics memory that was taken so far and what is taken now. */
async function runStage(stage: Exclude<StageName, 'reference'>): Promise<void> {
  log(`${stage} …`);
  const stageMs = performance.now();
  const watch = await watchGraphicsMemory(options.card);
  await runLines(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'stages.ts'), stage, scratch, ...process.argv.slice(2)], stage, async (line) => {
    await new Promise((next) => setTimeout(next, 150)); // a sample later
    const read = watch.read();
    print(read === null || stage === 'checkpoint' || stage === 'package' || line.stage === 'profile' ? line
      : { ...line, graphicsBytes: read.peakBytes, graphicsNowBytes: read.nowBytes, card: read.card });
  });
  watch.stop();
  const seconds = (performance.now() - stageMs) / 1000;
  log(`${stage} took ${seconds.toFixed(1)} s`);
}

/** PyTorch's own numbers of the same shapes on the same card; why not, where there are none. */
async function runReference(): Promise<void> {
  const args = [path.join(import.meta.dirname, 'reference.py'), options.size, '--minutes', String(options.minutes), ...(options.layers === undefined ? [] : ['--layers', String(options.layers)])];
  const stageMs = performance.now();
  await runLines('python3', args, 'reference', (line) => { print(line); return Promise.resolve(); });
  log(`reference took ${((performance.now() - stageMs) / 1000).toFixed(1)} s`);
}

async function runLines(program: string, args: readonly string[], stage: StageName, onLine: (line: Line) => Promise<void>): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 1000 * options.limit, killSignal: 'SIGKILL' });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { complaint = (complaint + text).slice(-4000); });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('close', (code, signal) => {
      resolve(code === 0 ? undefined : signal === null ? `exit code ${String(code)}` : `ended by ${signal}${signal === 'SIGKILL' ? `; the limit is ${String(options.limit)} s` : ''}`);
    });
  });
  for await (const text of createInterface({ input: child.stdout })) {
    if (text.startsWith('{')) await onLine({ stage, ...JSON.parse(text) as Record<string, unknown> });
  }
  const failure = await ended;
  if (failure === undefined) return;
  print({ stage: 'failed', of: stage, failure, stderr: complaint.trim() });
  process.exitCode = 1;
}

/** What was measured against what it must be. */
function results(): string[] {
  const find = (stage: string) => lines.findLast((line) => line.stage === stage);
  const value = (stage: string, name: string) => find(stage)?.[name] as number | undefined;
  const estimate = (find('estimate')?.[find('load')?.['augmenter'] === 'matrix' ? 'askWithKernel' : 'ask'] as { readonly totalBytes: number } | undefined)?.totalBytes;
  const taken = lines.filter((line) => ['load', 'memory', 'question', 'decode', 'answer'].includes(line.stage)).map((line) => line['graphicsBytes'] as number | undefined);
  const most = taken.some((bytes) => bytes !== undefined) ? Math.max(...taken.map((bytes) => bytes ?? 0)) : undefined;
  const row = (what: string, must: string, measured: number | undefined, unit: string, reference?: number) =>
    measured === undefined ? [] : [`${what}: ${measured.toPrecision(3)} ${unit}, must be ${must}${reference === undefined ? '' : `, PyTorch ${reference.toPrecision(3)}`}`];
  return [
    ...row(`encode (${String(find('encode')?.['tower'])})`, '≥ 40', value('encode', 'framesPerSecond'), 'frames/s', value('reference-encode', 'framesPerSecond')),
    ...row('keys and values of the memory', '≤ 3', value('memory', 'seconds'), 's'),
    ...row('first token, later questions', '≤ 9', value('answer', 'firstTokenSeconds'), 's', value('reference-decoder', 'firstTokenSeconds')),
    ...row('decode', options.weights === 'int4' ? '≥ 100' : '≥ 60', value('decode', 'tokensPerSecond'), 'tokens/s', value('reference-decoder', 'tokensPerSecond')),
    ...(most === undefined || estimate === undefined ? [] : row('graphics memory of an answer', `0.9–1.1 × ${(estimate / 1e9).toFixed(2)} GB`, most / 1e9, `GB (${(most / estimate).toFixed(2)} ×)`)),
  ];
}
