import { LongtakeError } from '../protocol/errors.ts';
import { guarded } from './device-buffers.ts';
import type { GraphicsDevice } from './graphics-device.ts';

/** Pipelines by their source: layers of one shape share one, and compiling takes longer than many a run. */
const compiled = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/** What a pipeline takes of a workgroup. */
export type WorkgroupNeeds = { readonly invocations: number; readonly bytes: number };

/** Compiles a shader whose entry point is `main`. Throws `provider-unavailable` where the device cannot run it. */
export async function pipelineOf({ device }: GraphicsDevice, what: string, code: string, needs: WorkgroupNeeds): Promise<GPUComputePipeline> {
  const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize } = device.limits;
  if (needs.invocations > maxComputeInvocationsPerWorkgroup) throw unfit(what, `it takes ${String(needs.invocations)} invocations of ${String(maxComputeInvocationsPerWorkgroup)}`);
  if (needs.bytes > maxComputeWorkgroupStorageSize) throw unfit(what, `it takes ${String(needs.bytes)} bytes of workgroup memory of ${String(maxComputeWorkgroupStorageSize)}`);
  const known = compiled.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  compiled.set(device, known);
  const pipeline = known.get(code) ?? compile(device, what, code);
  known.set(code, pipeline);
  return await pipeline;
}

/** Waits for kernels that are made by name, and compile side by side: a driver takes half a second for a large one. */
export async function allKernels<Kernels extends Readonly<Record<string, unknown>>>(making: { readonly [Name in keyof Kernels]: Promise<Kernels[Name]> }): Promise<Kernels> {
  const made = await Promise.all(Object.entries(making).map(async ([name, kernel]) => [name, await (kernel as Promise<unknown>)] as const));
  return Object.fromEntries(made) as Kernels;
}

/** A kernel that a device or a shape has no place for. */
export function unfit(what: string, reason: string): LongtakeError {
  return new LongtakeError('provider-unavailable', `The ${what} kernel does not fit the graphics device (webgpu): ${reason}.`, { provider: 'webgpu' });
}

async function compile(device: GPUDevice, what: string, code: string): Promise<GPUComputePipeline> {
  const { error, value } = await guarded(device, 'validation', async () =>
    await device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }), entryPoint: 'main' } }));
  if (value === undefined) {
    throw new LongtakeError('provider-unavailable', `The graphics device (webgpu) does not compile the ${what} kernel: ${error ?? 'no reason given'}`, { provider: 'webgpu' });
  }
  return value;
}
