import type { AttentionSpelling } from '../../kernels/attention-tiles.ts';
import { openGraphicsDevice } from '../../kernels/graphics-device.ts';
import { graphFile, packageFiles } from '../../models/graph-names.ts';
import type { ModelSpec } from '../../models/spec.ts';
import type { KernelChoice } from '../answer-parts.ts';
import { isDeviceFailure, knownKernelFailure } from '../device-failure.ts';
import { DeviceWeights } from './device-weights.ts';
import type { FrameEncoder } from '../encode.ts';
import { ownKernelsWork } from '../examine-apart.ts';
import { KernelTower } from './kernel-tower.ts';
import type { TowerOptions } from './kernel-tower.ts';
import type { Device } from '../session.ts';
import { loadTower } from './tower-weights.ts';

export type LoadedTower = FrameEncoder & { readonly dispose: () => Promise<void> };

/**
 * The tower by our own kernels, where they are wanted, have not failed yet and work; undefined where ONNX Runtime does without them.
 * 'plain' is for tests. Throws `model-invalid`.
 */
export async function openKernelTower(packageDirectory: string, spec: ModelSpec, device: Device, choice: KernelChoice, signal?: AbortSignal): Promise<LoadedTower | undefined> {
  // It pools what it computes and has no projector before that: ONNX Runtime encodes for models that have.
  if (spec.uniform !== undefined || choice === 'onnxruntime') return undefined;
  if (choice === 'plain') return knownKernelFailure() === undefined ? await loadKernelTower(packageDirectory, spec, device, 'plain', { signal }) : undefined;
  if (!await ownKernelsWork(device, 'tower', signal)) return undefined;
  try {
    return await loadKernelTower(packageDirectory, spec, device, 'matrix', { signal });
  } catch (error) {
    if (!isDeviceFailure(error)) throw error;
    return undefined; // widths that the kernels do not take, no room, or no device any more
  }
}

/** On a device of its own, which goes with it. Throws `provider-unavailable`, `out-of-memory`, `model-invalid`. */
export async function loadKernelTower(
  packageDirectory: string, spec: ModelSpec, { compute }: Pick<Device, 'compute'>, spelling: AttentionSpelling, { signal, ...options }: Pick<TowerOptions, 'framesPerRun'> & { readonly signal?: AbortSignal | undefined } = {},
): Promise<LoadedTower> {
  const graphics = await openGraphicsDevice();
  try {
    const stored = await DeviceWeights.open(graphics, packageDirectory, [graphFile(packageFiles.vision, compute)], signal);
    try {
      const weights = await loadTower(stored, spec.vision);
      const tower = await KernelTower.create(graphics, spec, weights, { element: compute === 'float16' ? 'f16' : 'f32', spelling, ...options });
      await stored.closeFiles();
      return {
        by: spelling,
        encode: (frames, frameCount, signal) => tower.encode(frames, frameCount, signal),
        inspect: (frames, frameCount) => tower.inspect(frames, frameCount),
        dispose: async () => {
          tower.dispose();
          await stored.dispose();
          graphics.destroy();
        },
      };
    } catch (error) {
      await stored.dispose();
      throw error;
    }
  } catch (error) {
    graphics.destroy();
    throw error;
  }
}
