import type { Tensor } from 'onnxruntime-node';
import { projectorNames } from '../models/graph-names.ts';
import { featureChannels } from '../models/spec.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, indexTensor, numberTensor, numbersOf } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Memory tokens of slots `from` to `to` of a selection, projected: [slots · tokensPerSlot, hidden]. */
export async function memoryTokens(
  projector: GraphSession, spec: ModelSpec, device: Device, source: FeatureSource,
  selection: TokenSelection, from: number, to: number,
): Promise<Numbers> {
  return numbersOf(await projectedTokens(projector, spec, device, source, selection, from, to));
}

/** As `memoryTokens`, wherever the session leaves them; dispose of the tensor. */
export async function projectedTokens(
  projector: GraphSession, spec: ModelSpec, device: Device, source: FeatureSource,
  selection: TokenSelection, from: number, to: number,
): Promise<Tensor> {
  const { features, indices, frameCount } = await selectedFeatures(source, spec, device.compute, selection, from, to);
  const results = await projector.run({
    [projectorNames.features]: numberTensor(features, [frameCount, spec.tokensPerFrame, featureChannels(spec)]),
    [projectorNames.tokenIndices]: indexTensor(indices),
  }, [projectorNames.tokens]);
  return output(results, projectorNames.tokens);
}

export type SelectedFeatures = {
  readonly frameCount: number;
  /** Of each frame that is shown, once: [frames, tokensPerFrame, featureChannels]. */
  readonly features: Numbers;
  /** Of each selected token: frame · (tokensPerFrame + 1) + token, the frame among those of `features`. [slots · tokensPerSlot] */
  readonly indices: Int32Array;
};

/** What slots `from` to `to` of a selection show. */
export async function selectedFeatures(
  source: FeatureSource, spec: ModelSpec, compute: ComputeType, selection: TokenSelection, from: number, to: number,
): Promise<SelectedFeatures> {
  const slots = selection.frames.subarray(from, to);
  const frames = Int32Array.from(new Set(slots)).sort();
  const features = await readFrames(source, spec, compute, frames);
  const row = new Map(Array.from(frames, (frame, index) => [frame, index]));
  const { tokensPerSlot, tokens } = selection;
  const indices = Int32Array.from({ length: slots.length * tokensPerSlot }, (_, index) => {
    const slot = Math.floor(index / tokensPerSlot);
    const frame = row.get(slots[slot] as number) as number;
    return frame * (spec.tokensPerFrame + 1) + (tokens[from * tokensPerSlot + index] as number);
  });
  return { frameCount: frames.length, features, indices };
}

/** Features of the given frames (ascending), read in runs of neighbours. */
async function readFrames(source: FeatureSource, spec: ModelSpec, compute: ComputeType, frames: Int32Array): Promise<Numbers> {
  const frameLength = spec.tokensPerFrame * featureChannels(spec);
  const features = allocate(compute, frames.length * frameLength);
  let start = 0;
  while (start < frames.length) {
    let end = start + 1;
    while (end < frames.length && frames[end] === (frames[end - 1] as number) + 1) end += 1;
    const from = frames[start] as number;
    const to = (frames[end - 1] as number) + 1;
    const run = await source.readFeatures(from, to);
    if (run.length !== (to - from) * frameLength) {
      throw new LongtakeError('memory-invalid',
        `The memory gave ${String(run.length)} numbers for frames ${String(from)} to ${String(to - 1)}; ${String((to - from) * frameLength)} were expected.`,
        { from, to, found: run.length });
    }
    features.set(run instanceof Uint16Array ? new Float16Array(run.buffer, run.byteOffset, run.length) : run, start * frameLength);
    start = end;
  }
  return features;
}
