import { LongtakeError } from '../protocol/errors.ts';
import type { DeviceNumbers } from './elements.ts';
import { kernelsGraph } from './graphics-device.ts';
import type { GraphicsDevice } from './graphics-device.ts';

/** Bits of GPUBufferUsage and GPUMapMode (WebGPU 4.1, 5.1.3). */
export const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
const mapRead = 1;

/**
 * Bytes of one write. Dawn takes larger ones through new memory each, which halves their speed (NVIDIA, Linux: 1.1 and 1.9 GB/s);
 * a submission after each lets it use that memory again.
 */
const writtenBytes = 1 << 20;

/** A buffer that kernels read and write and that the host can fill and read back. Throws `out-of-memory`. */
export async function createStorage(graphics: GraphicsDevice, byteLength: number, what: string): Promise<GPUBuffer> {
  return await createBuffer(graphics, byteLength, usage.storage | usage.copyTarget | usage.copySource, what);
}

/** Throws `out-of-memory`; `what` says in it what the room was for. */
export async function createBuffer({ device }: GraphicsDevice, byteLength: number, flags: number, what: string): Promise<GPUBuffer> {
  const size = Math.max(16, Math.ceil(byteLength / 16) * 16);
  const refused = (reason: string) => new LongtakeError('out-of-memory',
    `The graphics device (webgpu) has no room for ${String(Math.ceil(size / 1e6))} MB of ${what}: ${reason}`, { provider: 'webgpu', graph: kernelsGraph, reason });
  const most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  if (size > most) throw refused(`a buffer takes ${String(Math.floor(most / 1e6))} MB at most.`);
  const { error, value } = await guarded(device, 'out-of-memory', () => Promise.resolve(device.createBuffer({ size, usage: flags })));
  if (value === undefined || error !== undefined) throw refused(error ?? 'the device is gone.');
  return value;
}

/** Makes buffers that go together: when one cannot be made, those before it go as well. */
export async function createAll<Name extends string>(sizes: Readonly<Record<Name, number>>, make: (byteLength: number, name: Name) => Promise<GPUBuffer>): Promise<Record<Name, GPUBuffer>> {
  const made: Partial<Record<Name, GPUBuffer>> = {};
  try {
    for (const name of Object.keys(sizes) as Name[]) made[name] = await make(sizes[name], name);
    return made as Record<Name, GPUBuffer>;
  } catch (error) {
    for (const buffer of Object.values(made) as GPUBuffer[]) buffer.destroy();
    throw error;
  }
}

/** Writes whole multiples of four bytes from `byteOffset` on. */
export function writeBytes({ device: { queue } }: GraphicsDevice, buffer: GPUBuffer, byteOffset: number, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length; start += writtenBytes) {
    queue.writeBuffer(buffer, byteOffset + start, bytes.subarray(start, start + writtenBytes));
    if (bytes.length > writtenBytes) queue.submit([]);
  }
}

export function writeNumbers(graphics: GraphicsDevice, buffer: GPUBuffer, byteOffset: number, numbers: DeviceNumbers): void {
  writeBytes(graphics, buffer, byteOffset, bytesOf(numbers));
}

/** Reads what lies from `byteOffset` (a multiple of four) on. Throws `device-failed`, `out-of-memory`. */
export async function readNumbers(graphics: GraphicsDevice, buffer: GPUBuffer, byteOffset: number, into: DeviceNumbers): Promise<void> {
  const { device } = graphics;
  const size = Math.ceil(into.byteLength / 4) * 4;
  const back = await createBuffer(graphics, size, usage.mapRead | usage.copyTarget, 'numbers on their way back');
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, byteOffset, back, 0, size);
    device.queue.submit([encoder.finish()]);
    await back.mapAsync(mapRead).catch((cause: unknown) => { graphics.fail(cause); });
    bytesOf(into).set(new Uint8Array(back.getMappedRange(), 0, into.byteLength));
    back.unmap();
    graphics.check();
  } finally {
    back.destroy();
  }
}

/** Dawn for Node (0.6.2) divides by the element size of an array that it is handed, and knows none of a Float16Array: the process ends. */
function bytesOf(numbers: DeviceNumbers): Uint8Array<ArrayBuffer> {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * Runs `work` with an error scope around what it does before it first waits: scopes are a stack, which others that run meanwhile use, too. What
 * fails later fails the promise.
 */
export async function guarded<Value>(device: GPUDevice, filter: GPUErrorFilter, work: () => Promise<Value>): Promise<{ error?: string; value?: Value }> {
  device.pushErrorScope(filter);
  const settled = work().then((value) => ({ value, thrown: undefined }), (cause: unknown) => ({ value: undefined, thrown: cause instanceof Error ? cause.message : String(cause) }));
  const [{ value, thrown }, scoped] = await Promise.all([settled, device.popErrorScope()]);
  const error = scoped?.message ?? thrown;
  return { ...(error === undefined ? {} : { error }), ...(value === undefined ? {} : { value }) };
}
