/**
 * The attention kernel in ways of cutting its work, against float64 and the clock, at the shape of MemAug's cross-attention in
 * the 3B model (16 heads, 2 key heads of 128 channels; the 7B model: --key-heads 4 --group 7). Each result is a line of JSON on stdout.
 *   node tests/bench/gpu/attention.ts [--rows 2048] [--keys 234000] [--key-heads 2] [--group 8] [--tiles NAME,…] [--toggles a,b] [--runs 3] [--spelling plain]
 *     [--onnxruntime]
 * `--tiles` without a value runs all of `variants`; `--toggles` are Dawn's; `--onnxruntime` measures its kernel as well.
 */
import { parseArgs } from 'node:util';
import { AttentionKernel } from '../../../engine/kernels/attention-kernel.ts';
import type { AttentionTiles } from '../../../engine/kernels/attention-tiles.ts';
import { tileRows, workgroupBytes } from '../../../engine/kernels/attention-tiles.ts';
import { openGraphicsDevice } from '../../../engine/kernels/graphics-device.ts';
import { attentionOf, peakedHalves } from '../../kernels/attention-reference.ts';
import { measureOnnxRuntime } from './onnxruntime-attention.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '2048' }, keys: { type: 'string', default: '234000' }, 'key-heads': { type: 'string', default: '2' }, group: { type: 'string', default: '8' }, tiles: { type: 'string', default: '' }, toggles: { type: 'string', default: '' },
    runs: { type: 'string', default: '3' }, spelling: { type: 'string', default: 'matrix' }, onnxruntime: { type: 'boolean', default: false },
  },
});
const [keyHeads, headSize] = [Number(options['key-heads']), 128];
const rows = Number(options.rows) * Number(options.group);
const keyCount = Number(options.keys);
const scale = 1 / Math.sqrt(headSize);
const operations = 4 * rows * keyHeads * headSize * keyCount;

/** Named by subgroups, rows of each and keys: then what is staged, fetched ahead, and kept. */
function tilesOf(name: string): AttentionTiles {
  const [numbers = '', flags = ''] = name.split('-');
  const [subgroups = NaN, rowsPerSubgroup = NaN, keys = NaN] = numbers.split('x').map(Number);
  return { subgroups, rowsPerSubgroup, keys, subgroupSize: 32, staged: flags.includes('s'), ahead: flags.includes('a'), queriesStay: flags.includes('q') };
}
const variants = ['4x32x32-saq', '4x32x32-sq', '4x32x32-sa', '4x32x32-s', '8x16x32-saq', '8x16x32-sq', '4x16x32-saq', '4x16x32-sq', '4x16x32-s', '4x16x64-q', '4x32x32-q', '4x32x32-', '8x16x32-q', '2x32x32-saq'];

const print = (line: object) => { process.stdout.write(`${JSON.stringify(line)}\n`); };
const query = peakedHalves(rows * keyHeads * headSize, 1);
const key = peakedHalves(keyCount * keyHeads * headSize, 2);
const value = peakedHalves(keyCount * keyHeads * headSize, 3);
const checked = [0, 17, Math.floor(rows / 2) + 1, rows - 1].map((row) => ({ row, wanted: attentionOf(query, key, value, row, keyHeads, headSize, scale) }));

/** Largest error among the checked rows, and the root mean square of what is right. */
function errors(found: ArrayLike<number>): { worst: number; size: number } {
  const width = keyHeads * headSize;
  const all = checked.flatMap(({ row, wanted }) => Array.from(wanted, (number, channel) => ({ number, error: Math.abs(number - (found[row * width + channel] as number)) })));
  return { worst: all.reduce((most, { error }) => error > most || Number.isNaN(error) ? error : most, 0), size: Math.sqrt(all.reduce((sum, { number }) => sum + number ** 2, 0) / all.length) };
}

const graphics = await openGraphicsDevice(options.toggles === '' ? [] : options.toggles.split(','));
const { info, limits } = graphics.adapter;
print({
  adapter: info.description, architecture: info.architecture, vendor: info.vendor, matrices: graphics.multipliesMatrices, subgroupSizes: [info.subgroupMinSize, info.subgroupMaxSize],
  configs: ((info as { subgroupMatrixConfigs?: readonly { componentType: string; resultComponentType: string; M: number; N: number; K: number }[] }).subgroupMatrixConfigs ?? [])
    .map(({ componentType, resultComponentType, M, N, K }) => `${componentType}>${resultComponentType} ${String(M)}x${String(N)}x${String(K)}`),
  workgroupBytes: limits.maxComputeWorkgroupStorageSize, invocations: limits.maxComputeInvocationsPerWorkgroup, binding: limits.maxStorageBufferBindingSize, toggles: options.toggles,
});
let memory: Awaited<ReturnType<AttentionKernel['createMemory']>> | undefined;
for (const name of options.tiles === '' ? variants : options.tiles.split(',')) {
  try {
    const tiles = tilesOf(name);
    const compileMs = performance.now();
    const spelling = options.spelling === 'plain' ? 'plain' : 'matrix';
    const kernel = await AttentionKernel.create(graphics, { headSize, keyHeads, element: 'f16', spelling, tiles });
    const compiled = performance.now() - compileMs;
    if (memory === undefined) {
      // The longest tile's padding does for all.
      const uploadMs = performance.now();
      memory = await kernel.createMemory(Math.ceil(keyCount / 128) * 128);
      memory = { ...memory, keyCount };
      kernel.write(memory.key, 0, key);
      kernel.write(memory.value, 0, value);
      await graphics.device.queue.onSubmittedWorkDone();
      print({ uploadMs: performance.now() - uploadMs });
    }
    const seconds: number[] = [];
    const wholeSeconds: number[] = [];
    let error = errors([]);
    for (let run = 0; run <= Number(options.runs); run += 1) {
      let startedMs = 0;
      let deviceMs = 0;
      const wholeMs = performance.now();
      const found = await kernel.attend(query, memory, scale, {
        beforeSubmission: () => { startedMs = performance.now(); },
        onShare: () => { deviceMs += performance.now() - startedMs; },
      });
      seconds.push(deviceMs / 1000);
      wholeSeconds.push((performance.now() - wholeMs) / 1000);
      if (run === 0) error = errors(found);
      if (deviceMs > 4000) break;
    }
    const best = Math.min(...seconds);
    print({ tiles: name, teraflops: operations / best / 1e12, seconds: best, wholeSeconds: Math.min(...wholeSeconds), firstSeconds: seconds[0], ...error, compiled, rows: tileRows(tiles), bytes: workgroupBytes(kernel.shape) });
  } catch (error) {
    print({ tiles: name, failed: error instanceof Error ? error.message.slice(0, 600) : String(error) });
  }
}
if (options.onnxruntime) {
  const { seconds, found } = await measureOnnxRuntime(query, key, value, keyHeads, headSize, Number(options.runs));
  print({ onnxruntime: operations / seconds / 1e12, seconds, ...errors(found) });
}
graphics.destroy();
