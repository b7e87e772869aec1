import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { DecoderCache } from './decoder-cache.ts';
import { GrowingCache } from './growing-cache.ts';
import { HostCache } from './host-cache.ts';
import type { Device, GraphSession } from './session.ts';
import { SharedCache } from './shared-cache.ts';

/** `cacheRoom` makes room in a cache of a device. */
export function createCache(spec: ModelSpec, device: Device, cacheRoom: GraphSession | undefined, expectedLength: number): DecoderCache {
  if (!device.keepsTensors) return new HostCache(spec, device, expectedLength);
  if (device.attention === 'plain') return new GrowingCache(spec, device);
  if (cacheRoom === undefined) throw new LongtakeError('internal', 'A device\'s cache needs the graph that makes room in it.');
  return new SharedCache(spec, device, cacheRoom, Math.min(spec.text.maximumLength, expectedLength));
}
