import { graphFile, packageFiles } from '../../models/graph-names.ts';
import type { ModelSpec } from '../../models/spec.ts';
import type { AnswerDecoder } from '../answer-decoder.ts';
import { DecoderKernels } from './decoder-kernels.ts';
import { loadDecoder } from './decoder-weights.ts';
import { isDeviceFailure } from '../device-failure.ts';
import { DeviceWeights } from './device-weights.ts';
import { KernelDecoder } from './kernel-decoder.ts';
import type { OwnDevice } from './own-device.ts';

/** A package's decoder on the device of our own kernels; its weights lie there for all generations. */
export type LoadedDecoder = { readonly begin: (promptLength: number) => AnswerDecoder; readonly dispose: () => Promise<void> };

/** Undefined where the device has no room or the kernels no place for it: then ONNX Runtime does without them. Throws `model-invalid`. */
export async function openKernelDecoder(own: OwnDevice, packageDirectory: string, spec: ModelSpec, signal?: AbortSignal): Promise<LoadedDecoder | undefined> {
  const stored = await DeviceWeights.open(own.graphics, packageDirectory, [graphFile(packageFiles.decoderDevice, own.compute)], signal);
  let rotation: GPUBuffer | undefined;
  const dispose = async () => {
    rotation?.destroy();
    await stored.dispose();
  };
  try {
    const weights = await loadDecoder(own.graphics, stored, spec.text);
    rotation = weights.rotation;
    await stored.closeFiles();
    const kernels = await DecoderKernels.create(own, spec.text, weights);
    return { begin: (promptLength) => new KernelDecoder(kernels, promptLength), dispose };
  } catch (error) {
    await dispose();
    if (!isDeviceFailure(error)) throw error;
    return undefined;
  }
}
