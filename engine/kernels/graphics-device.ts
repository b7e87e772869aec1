import type { create } from 'webgpu';
import { LongtakeError } from '../protocol/errors.ts';

/** What errors of this folder name as the graph that failed. */
export const kernelsGraph = 'kernels';

/** A WebGPU device of our own, beside the one that ONNX Runtime has. */
export type GraphicsDevice = {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
  /** Dawn ends with the last reference to this, and promises stay open for ever. */
  readonly gpu: GPU;
  /** Of halves whose products are summed in float32, 16 × 16 × 16. */
  readonly multipliesMatrices: boolean;
  /** Where matrices are multiplied, else 0. */
  readonly subgroupSize: number;
  /** Throws `device-failed` or `out-of-memory` once something has gone wrong on the device. */
  readonly check: () => void;
  /** Throws what has gone wrong before, or `device-failed` with this cause. */
  readonly fail: (cause: unknown) => never;
  readonly destroy: () => void;
};

/** What `adapter.info.subgroupMatrixConfigs` lists; the types of WebGPU do not have it yet. */
export type SubgroupMatrixConfig = { readonly componentType: string; readonly resultComponentType: string; readonly M: number; readonly N: number; readonly K: number };

const matrixFeatures = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'] as const;
/** Dawn keeps matrices and, with NVIDIA's driver, halves behind these. */
const toggles = ['allow_unsafe_apis', 'vulkan_enable_f16_on_nvidia'];

/**
 * Opens the fastest adapter through the `webgpu` package (Dawn for Node). Throws `provider-unavailable` where the package or
 * an adapter is not there.
 */
export async function openGraphicsDevice(moreToggles: readonly string[] = []): Promise<GraphicsDevice> {
  const unavailable = (reason: string, cause?: unknown) => new LongtakeError('provider-unavailable', reason, { provider: 'webgpu' }, { cause });
  const dawn = await import('webgpu').catch((cause: unknown) => { throw unavailable('The package "webgpu" does not load here.', cause); });
  const refused = (cause: unknown) => unavailable(`The graphics device (webgpu) cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  const { gpu, adapter } = await openAdapter(dawn, moreToggles).catch((cause: unknown) => { throw refused(cause); });
  if (adapter === null) throw unavailable('There is no WebGPU adapter.');
  const info = adapter.info as GPUAdapterInfo & { readonly subgroupMatrixConfigs?: readonly SubgroupMatrixConfig[] };
  const multipliesMatrices = matrixFeatures.every((feature) => adapter.features.has(feature as GPUFeatureName))
    && (info.subgroupMatrixConfigs ?? []).some((config) => config.componentType === 'f16' && config.resultComponentType === 'f32'
      && config.M === 16 && config.N === 16 && config.K === 16)
    && info.subgroupMinSize === info.subgroupMaxSize;
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: multipliesMatrices ? matrixFeatures.map((feature) => feature as GPUFeatureName) : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX },
  }).catch((cause: unknown) => { throw refused(cause); });
  let failure: LongtakeError | undefined;
  let isDestroyed = false;
  const failed = (code: 'device-failed' | 'out-of-memory', reason: string) => {
    failure ??= new LongtakeError(code, `The graphics device (webgpu) failed in Longtake's own kernels: ${reason}`, { provider: 'webgpu', graph: kernelsGraph, reason });
  };
  device.addEventListener('uncapturederror', ({ error }) => { failed(error.constructor.name === 'GPUOutOfMemoryError' ? 'out-of-memory' : 'device-failed', error.message); });
  void device.lost.then(({ message }) => { if (!isDestroyed) failed('device-failed', message); });
  return {
    device, adapter, gpu, multipliesMatrices, subgroupSize: multipliesMatrices ? info.subgroupMaxSize ?? 0 : 0,
    check: () => { if (failure !== undefined) throw failure; },
    fail: (cause) => {
      failed('device-failed', cause instanceof Error ? cause.message : String(cause));
      throw failure as LongtakeError;
    },
    destroy: () => {
      isDestroyed = true;
      device.destroy();
    },
  };
}

async function openAdapter(dawn: { readonly create: typeof create }, moreToggles: readonly string[]): Promise<{ gpu: GPU; adapter: GPUAdapter | null }> {
  const gpu = dawn.create([`enable-dawn-features=${[...toggles, ...moreToggles].join(',')}`]);
  return { gpu, adapter: await gpu.requestAdapter({ powerPreference: 'high-performance' }) };
}
