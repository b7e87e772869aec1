import { LongtakeError } from '../protocol/errors.ts';
import type { CrossMemory } from './augmenter.ts';
import { isDeviceFailure } from './device-failure.ts';
import type { Generation, VideoModel } from './video-model.ts';

/**
 * A model that goes on elsewhere when its device fails: what was being computed is computed again, and the device is not
 * used any more. What had been kept on it is lost: a prefill with a cross memory of before throws `device-failed`, and
 * whoever made that memory makes it again.
 */
export function withFallback(first: VideoModel, reopen: (failure: LongtakeError) => Promise<VideoModel>): VideoModel {
  let current = first;
  let moving: Promise<void> | undefined;
  const owners = new WeakMap<CrossMemory, VideoModel>();
  /** What lies on the first model's device: it goes before the device does, or giving it back later ends the process. */
  const onFirst = new Set<CrossMemory | Generation>();
  const emptyDevice = () => {
    for (const part of onFirst) {
      try {
        part.dispose();
      } catch {
        // a lost device may not even take back what was on it
      }
    }
    onFirst.clear();
  };

  const move = (from: VideoModel, failure: LongtakeError): Promise<void> => {
    if (current !== from) return Promise.resolve(); // another call has moved already
    moving ??= (async () => {
      current = await reopen(failure);
      emptyDevice();
      await from.dispose().catch(() => undefined); // a lost device may not even be released
    })().finally(() => { moving = undefined; });
    return moving;
  };
  const elsewhere = async <Result>(work: (model: VideoModel) => Promise<Result>): Promise<Result> => {
    await moving;
    const model = current;
    try {
      return await work(model);
    } catch (error) {
      if (!isDeviceFailure(error) || model !== first) throw error;
      await move(model, error);
      return await work(current);
    }
  };
  /** For work on what lies on the device: the next attempt finds another one. */
  const movingOn = async <Result>(model: VideoModel, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (isDeviceFailure(error) && model === first) await move(model, error);
      throw error;
    }
  };

  return {
    get spec() { return current.spec; },
    get provider() { return current.provider; },
    get compute() { return current.compute; },
    get attention() { return current.attention; },
    get augmenter() { return current.augmenter; },
    get decoder() { return current.decoder; },
    get tower() { return current.tower; },
    get refusedProviders() { return current.refusedProviders; },
    get crossMemoryBuilds() { return current.crossMemoryBuilds; },
    encodeFrames: (frames, frameCount, options) => elsewhere((model) => model.encodeFrames(frames, frameCount, options)),
    inspectFrames: (frames, frameCount) => elsewhere((model) => model.inspectFrames(frames, frameCount)),
    buildCrossMemory: (memory, selection, options) => elsewhere(async (model) => {
      const cross = await model.buildCrossMemory(memory, selection, options);
      owners.set(cross, model);
      for (const part of onFirst) if ('isDisposed' in part && part.isDisposed) onFirst.delete(part);
      if (model === first) onFirst.add(cross);
      return cross;
    }),
    prefill: async (prompt, options) => {
      await moving;
      const model = current;
      if (owners.get(prompt.cross) !== model) throw new LongtakeError('device-failed', 'This memory was loaded on a device that has failed since.', { provider: first.provider });
      const generation = await movingOn(model, () => model.prefill(prompt, options));
      if (model === first) onFirst.add(generation);
      return {
        logits: generation.logits,
        lookedAt: (signal) => movingOn(model, () => generation.lookedAt(signal)),
        get sequenceLength() { return generation.sequenceLength; },
        next: (tokenId) => movingOn(model, () => generation.next(tokenId)),
        dispose: () => {
          onFirst.delete(generation);
          generation.dispose();
        },
      };
    },
    dispose: async () => {
      await moving?.catch(() => undefined);
      emptyDevice();
      await current.dispose();
    },
  };
}
