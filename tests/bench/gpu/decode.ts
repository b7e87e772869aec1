/**
 * Our own decoder at the shapes of the released models, with random weights and nothing from the disk: what a step takes as a
 * whole and kernel by kernel, the same of a piece of a prompt, and a whole prompt. Each result is a line of JSON on stdout.
 *   node tests/bench/gpu/decode.ts [--size 3b|7b] [--weights float16|int8|int4] [--rows 8900] [--steps 64] [--layers N] [--runs 5] [--kernels 144]
 *     [--parts try,step,products,piece,prompt] [--spelling plain]
 * `try` first says whether reading rows together and one by one agree on this device; `products` times a step's products cut in
 * other ways (`RowsTiles`: slices x teams). Microseconds of a kernel are those of `--kernels` of the kind behind each other, each waiting
 * for the one before and over weights of all layers in turn, as in a step; gigabytes a second count weights or keys and values.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createAll, createStorage } from '../../../engine/kernels/device-buffers.ts';
import { LinearKernel } from '../../../engine/kernels/linear-kernel.ts';
import { weightBytes } from '../../../engine/kernels/linear-shape.ts';
import type { LinearShape } from '../../../engine/kernels/linear-shape.ts';
import { Recording } from '../../../engine/kernels/recording.ts';
import type { Step } from '../../../engine/kernels/recording.ts';
import { catalogue } from '../../../engine/models/catalogue.ts';
import { answerRoom, kernelPieceRows, measuredRows } from '../../../engine/models/needs.ts';
import { DecoderKernels } from '../../../engine/runtime/own/decoder-kernels.ts';
import { tryDecoder } from '../../../engine/runtime/own/decoder-trial.ts';
import { KernelCache } from '../../../engine/runtime/own/kernel-cache.ts';
import { KernelDecoder } from '../../../engine/runtime/own/kernel-decoder.ts';
import { OwnDevice } from '../../../engine/runtime/own/own-device.ts';
import { generator, randomDecoder } from '../../../engine/runtime/own/random-decoder.ts';
import { allocate } from '../../../engine/runtime/tensors.ts';
import { median } from '../support.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '3b' }, weights: { type: 'string', default: 'float16' }, rows: { type: 'string', default: '8900' }, steps: { type: 'string', default: '64' },
    layers: { type: 'string' }, runs: { type: 'string', default: '5' }, parts: { type: 'string', default: 'try,step,products,piece,prompt' }, spelling: { type: 'string', default: 'matrix' }, kernels: { type: 'string', default: '144' },
  },
});
const options = z.object({
  size: z.enum(['3b', '7b']), weights: z.enum(['float16', 'int8', 'int4']), rows: z.coerce.number().int().positive(), steps: z.coerce.number().int().positive(),
  layers: z.coerce.number().int().positive().optional(), runs: z.coerce.number().int().positive(), spelling: z.enum(['matrix', 'plain']), kernels: z.coerce.number().int().positive(),
  parts: z.string().transform((text) => text.split(',')).pipe(z.array(z.enum(['try', 'step', 'products', 'piece', 'prompt']))),
}).parse(values);
const { text } = catalogue[options.size === '3b' ? 0 : 1]?.shape ?? (() => { throw new Error('the catalogue has two models'); })();
const shape = { ...text, layers: options.layers ?? text.layers };
const wants = (part: typeof options.parts[number]) => options.parts.includes(part);
const print = (line: object) => { process.stdout.write(`${JSON.stringify(line)}\n`); };
const since = (startedMs: number) => performance.now() - startedMs;

const own = await OwnDevice.open('float16', options.spelling);
const { info, limits } = own.graphics.adapter;
print({ adapter: info.description, vendor: info.vendor, subgroupSize: own.graphics.subgroupSize, binding: limits.maxStorageBufferBindingSize, buffer: limits.maxBufferSize, invocations: limits.maxComputeInvocationsPerWorkgroup, workgroupBytes: limits.maxComputeWorkgroupStorageSize, ...options });
if (wants('try')) print({ agreement: await tryDecoder(own, options.weights) });

let startedMs = performance.now();
const weights = await randomDecoder(own.graphics, shape, options.weights);
await own.submissions.settle();
print({ weightsSeconds: since(startedMs) / 1000 });
startedMs = performance.now();
const kernels = await DecoderKernels.create(own, shape, weights);
print({ compileMs: since(startedMs) });
const cache = new KernelCache(own.graphics, shape, own.element, options.rows + answerRoom);
await cache.makeRoom(options.rows);

if (wants('step')) await benchStep();
if (wants('products')) await benchProducts();
if (wants('piece')) await benchPiece();
cache.dispose();
if (wants('prompt')) await benchPrompt();
own.graphics.destroy();

/** Milliseconds of all steps as one submission, the median of some. */
async function msOf(steps: readonly Step[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= options.runs; run += 1) {
    const startedMs = performance.now();
    own.submissions.submit(steps);
    await own.submissions.settle();
    times.push(since(startedMs));
  }
  return median(times.slice(1));
}

/** Times every kind of kernel by itself: the steps of a layer are `names` in their order, and behind the layers may come one more. */
async function printKinds(of: string, steps: readonly Step[], names: readonly string[], behind: string | undefined, bytes: Readonly<Record<string, number>>, operations: Readonly<Record<string, number>>): Promise<void> {
  const inLayers = steps.slice(0, shape.layers * names.length);
  const kinds = [...names.map((name, place) => ({ name, steps: inLayers.filter((_, index) => index % names.length === place) })), ...behind === undefined ? [] : [{ name: behind, steps: steps.slice(inLayers.length) }]];
  for (const { name, steps: alike } of kinds) {
    const repeated = Array.from({ length: of === 'step' ? Math.ceil(options.kernels / alike.length) : 1 }, () => alike).flat();
    const us = 1000 * await msOf(repeated) / repeated.length;
    const [moved, computed] = [bytes[name], operations[name]];
    print({ of, kernel: name, us, times: alike.length, groups: alike[0]?.groups, ...(moved === undefined ? {} : { gigabytesPerSecond: moved / us / 1000 }), ...(computed === undefined ? {} : { teraflops: computed / us / 1e6 }) });
  }
}

async function benchStep(): Promise<void> {
  const buffers = await createAll(kernels.stepBytes(cache.capacity), (bytes, name) => createStorage(own.graphics, bytes, name));
  own.writeIndices(buffers.state, Uint32Array.of(options.rows - 1));
  const recordMs = performance.now();
  const recording = new Recording(own.graphics);
  kernels.recordStep(recording, buffers, cache.layers, cache.capacity);
  kernels.recordHead(recording, buffers);
  const recorded = since(recordMs);
  const encodings = Array.from({ length: 10 }, () => { const startedMs = performance.now(); own.submissions.encode(recording.steps); return since(startedMs); });
  const { steps } = recording;
  print({ of: 'step', kernels: steps.length, recordMs: recorded, encodeMs: median(encodings), ms: await msOf(steps), msOfTenTogether: await msOf(Array.from({ length: 10 }, () => steps).flat()) / 10 });
  const [layer] = weights.layers;
  const keys = options.rows * 2 * shape.keyHeads * shape.headSize * 2;
  await printKinds('step', steps, ['qkv', 'attention', 'combine', 'output', 'gateUp', 'down'], 'head', {
    ...layer === undefined ? {} : { qkv: weightBytes(layer.qkv.shape), output: weightBytes(layer.output.shape), gateUp: weightBytes(layer.gateUp.shape), down: weightBytes(layer.down.shape) },
    attention: keys, head: weightBytes(weights.head.shape),
  }, {});
  recording.dispose();
  for (const buffer of Object.values(buffers)) buffer.destroy();
}

/** A step's products cut in other ways. */
async function benchProducts(): Promise<void> {
  const most = limits.maxComputeInvocationsPerWorkgroup;
  for (const name of ['qkv', 'output', 'gateUp', 'down'] as const) {
    const held = weights.layers.map((layer) => layer[name]);
    const [first] = held;
    if (first === undefined) continue;
    const linear: LinearShape = {
      ...first.shape, element: own.element, activation: 'none', adds: name === 'output' || name === 'down',
      ...name === 'qkv' || name === 'gateUp' ? { preparation: { kind: 'rms-norm', epsilon: 1e-6 } as const } : name === 'down' ? { preparation: { kind: 'gated' } as const } : {},
    };
    const input = await own.rows(2, first.shape.inputs, 'a row');
    const result = await own.rows(1, first.shape.outputs, 'a row');
    for (const slices of [16, 32, 64, 128, 256]) {
      for (const teams of [1, 2, 4, 8, 16]) {
        if (slices * teams > most || slices * teams < 64) continue;
        try {
          const kernel = await LinearKernel.create(own.graphics, linear, { kind: 'rows', tiles: { slices, teams, columns: 4 } });
          const recording = new Recording(own.graphics);
          for (let repeat = 0; repeat < options.kernels; repeat += 1) {
            const layer = weights.layers[repeat % weights.layers.length];
            kernel.record(recording, { input, weights: { ...(held[repeat % held.length] ?? first).weights, normScale: layer?.inputNorm }, result, rows: 1 });
          }
          const us = 1000 * await msOf(recording.steps) / recording.steps.length;
          print({ of: 'products', kernel: name, tiles: `${String(slices)}x${String(teams)}`, us, gigabytesPerSecond: weightBytes(first.shape) / us / 1000, groups: recording.steps[0]?.groups });
          recording.dispose();
        } catch (error) {
          print({ of: 'products', kernel: name, tiles: `${String(slices)}x${String(teams)}`, failed: error instanceof Error ? error.message.slice(0, 300) : String(error) });
        }
      }
    }
    input.destroy();
    result.destroy();
  }
}

/** The last whole piece before the end of the prompt. */
async function benchPiece(): Promise<void> {
  const rowCount = Math.min(kernelPieceRows, options.rows);
  const position = options.rows - rowCount;
  const sizes = kernels.rowBytes(rowCount);
  const buffers = await createAll({ ...sizes, queries: sizes.attended }, (bytes, name) => createStorage(own.graphics, bytes, name));
  const recording = new Recording(own.graphics);
  kernels.recordRows(recording, buffers, () => buffers.queries, cache.layers, position, rowCount);
  const { hidden, heads, keyHeads, headSize, intermediate } = shape;
  const product = (inputs: number, outputs: number) => 2 * rowCount * inputs * outputs;
  await printKinds('piece', recording.steps, ['norm', 'qkv', 'rotation', 'attention', 'output', 'innerNorm', 'gateUp', 'gate', 'down'], undefined, {}, {
    qkv: product(hidden, (heads + 2 * keyHeads) * headSize), output: product(heads * headSize, hidden), gateUp: product(hidden, 2 * intermediate), down: product(intermediate, hidden),
    attention: 4 * rowCount * heads * headSize * (position + rowCount / 2),
  });
  recording.dispose();
  for (const buffer of Object.values(buffers)) buffer.destroy();
}

/** As an answer does it: a prompt, its measured rows, then steps with their logits. */
async function benchPrompt(): Promise<void> {
  const uniform = generator();
  const pattern = Float32Array.from({ length: 4099 }, () => uniform());
  const rows = allocate('float16', options.rows * shape.hidden);
  for (let start = 0; start < rows.length; start += pattern.length) rows.set(pattern.subarray(0, Math.min(pattern.length, rows.length - start)), start);
  for (let question = 0; question < 3; question += 1) {
    const decoder = new KernelDecoder(kernels, options.rows);
    const readMs = performance.now();
    const { measured } = await decoder.read([rows], options.rows, { measuredFrom: Math.max(0, options.rows - measuredRows) });
    const readSeconds = since(readMs) / 1000;
    const table = { rows: (ids: ArrayLike<number>) => Promise.resolve(rows.subarray((ids[0] ?? 0) * shape.hidden, ((ids[0] ?? 0) + 1) * shape.hidden)) };
    const times: number[] = [];
    for (let step = 0; step < options.steps; step += 1) {
      const startedMs = performance.now();
      await decoder.step(step, table);
      times.push(since(startedMs));
    }
    const sharesMs = performance.now();
    await measured?.attention(0, options.rows, undefined);
    print({ of: 'prompt', question, readSeconds, rowsPerSecond: options.rows / readSeconds, tokensPerSecond: 1000 / median(times), stepMs: median(times), fastestMs: Math.min(...times), firstStepMs: times[0], measuredMs: since(sharesMs) });
    measured?.dispose();
    decoder.dispose();
  }
}
