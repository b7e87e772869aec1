/** Run by kernel-tower.test.ts in a process of its own, on a software driver: how the tower by our own kernels differs from ONNX Runtime's, as JSON. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { kernelsGraph } from '../../engine/kernels/graphics-device.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError, LongtakeError } from '../../engine/protocol/errors.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import type { OpenOptions } from '../../engine/runtime/video-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { relativeDifference, tinyPackage } from './tiny-model.ts';

const scratch = scratchDirectory('kernel-tower');
const noise = (count: number, imageSize: number) => Uint8Array.from({ length: count * imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
const open = (directory: string, options: OpenOptions) => openVideoModel(directory, { provider: 'cpu', threads: 1, parts: 'encode', ...options });

/** Tower of a package by both, and whether a frame's features are the same bytes in any company. */
async function compare(directory: string, frameCount: number, options: OpenOptions = {}) {
  const [own, other] = [await open(directory, { ...options, kernels: 'plain' }), await open(directory, options)];
  const { vision: { imageSize, channels }, tokensPerFrame } = own.spec;
  const frames = noise(frameCount, imageSize);
  const frame = (index: number) => frames.subarray(index * imageSize ** 2 * 3, (index + 1) * imageSize ** 2 * 3);
  const [found, wanted] = [await own.inspectFrames(frames.subarray(0, 2 * imageSize ** 2 * 3), 2), await other.inspectFrames(frames.subarray(0, 2 * imageSize ** 2 * 3), 2)];
  const [together, apart] = [await own.encodeFrames(frames, frameCount), await other.encodeFrames(frames, frameCount)];
  const length = tokensPerFrame * channels;
  let alike = true;
  for (const index of [frameCount - 1, 0]) {
    const alone = await own.encodeFrames(frame(index), 1);
    alike &&= alone.every((bits, place) => bits === together[index * length + place]);
  }
  const half = (bits: Uint16Array<ArrayBuffer>) => new Float32Array(new Float16Array(bits.buffer));
  const result = {
    by: `${own.tower} ${other.tower}`, alike, patches: relativeDifference(found.patches, wanted.patches),
    features: relativeDifference(found.features, wanted.features), encoded: relativeDifference(half(together), half(apart)),
  };
  await own.dispose();
  await other.dispose();
  return result;
}

const tiny = await tinyPackage(scratch);
const report: Record<string, unknown> = { tiny: await compare(tiny, 18) };
await buildModelPackage(join(import.meta.dirname, '..', '..', 'resources', 'model'), join(scratch, 'demo'), { weights: 'float16' });
report['demo'] = await compare(join(scratch, 'demo'), 2);
report['demoHalves'] = await compare(join(scratch, 'demo'), 2, { device: { provider: 'cpu', compute: 'float16', attention: 'fused', keepsTensors: true, threads: 1 } });

const moves: string[] = [];
const model = await open(tiny, { kernels: 'plain', onMoved: ({ provider, tower }) => { moves.push(`${provider} ${tower}`); } });
const frames = noise(3, model.spec.vision.imageSize);
const before = await model.encodeFrames(frames, 3);
const stop = new AbortController();
stop.abort();
const stopped = await model.encodeFrames(frames, 3, { signal: stop.signal }).then(() => 'none', (error: unknown) => isLongtakeError(error) ? error.code : String(error));
const misfit = await model.encodeFrames(frames, 2).then(() => 'none', (error: unknown) => isLongtakeError(error) ? error.code : String(error));
const again = await model.encodeFrames(frames, 3);
Submissions.prototype.run = () => Promise.reject(new LongtakeError('device-failed', 'The device was lost.', { provider: 'webgpu', graph: kernelsGraph }));
const half = (bits: Uint16Array<ArrayBuffer>) => new Float32Array(new Float16Array(bits.buffer));
const after = await model.encodeFrames(frames, 3);
const later = await open(tiny, { kernels: 'plain' });
report['fallback'] = {
  stopped, misfit, repeats: again.every((bits, index) => bits === before[index]), moves, difference: relativeDifference(half(before), half(after)) < 1e-3,
  later: later.tower, reasons: later.refusedProviders.map(({ reason }) => reason),
};
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
