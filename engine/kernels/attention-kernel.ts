import { LongtakeError } from '../protocol/errors.ts';
import { attentionShader } from './attention-shader.ts';
import { elementsPerVector, matrixSide, threads, tileRows, workgroupBytes } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import type { GraphicsDevice } from './graphics-device.ts';

/** Bits of GPUBufferUsage and GPUMapMode (WebGPU 4.1, 5.1.3). */
const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
const mapRead = 1;

/** Numbers as they lie in buffers: floats, or the bits of halves. */
export type AttentionNumbers = Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer>;

/** Operations of the first submission; the time that it took says how much the next may take. */
const firstOperations = 1e12;
/** A submission that a slow device cannot finish in about two seconds is ended by its driver. */
const submissionMs = { grow: 150, shrink: 400 } as const;

/**
 * Bytes of one write. Dawn takes larger ones through new memory each, which halves their speed (NVIDIA, Linux: 1.1 and 1.9 GB/s);
 * a submission after each lets it use that memory again.
 */
const writtenBytes = 1 << 20;

/** Keys and values on the device, each [keys, keyHeads · headSize]. */
export type AttentionMemory = {
  readonly keyCount: number;
  readonly key: GPUBuffer;
  readonly value: GPUBuffer;
  readonly dispose: () => void;
};

export type AttendOptions = {
  /** Called before every submission; throws to stop. */
  readonly beforeSubmission?: () => void;
  /** Called after every submission with the share that is done, 0 to 1. */
  readonly onShare?: (share: number) => void;
};

/** Unmasked attention in WGSL (`attentionShader`) on a device of its own. */
export class AttentionKernel {
  readonly shape: AttentionShape;
  readonly #graphics: GraphicsDevice;
  readonly #pipeline: GPUComputePipeline;
  #operationsPerSubmission = firstOperations;

  private constructor(graphics: GraphicsDevice, shape: AttentionShape, pipeline: GPUComputePipeline) {
    this.#graphics = graphics;
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Compiles the kernel. Throws `provider-unavailable` where the device cannot run it. */
  static async create(graphics: GraphicsDevice, shape: AttentionShape): Promise<AttentionKernel> {
    const { device } = graphics;
    requireFit(device.limits, shape);
    const code = attentionShader(shape);
    const { error, value } = await guarded(device, 'validation', async () =>
      await device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }), entryPoint: 'main' } }));
    if (value === undefined) {
      throw new LongtakeError('provider-unavailable', `The graphics device (webgpu) does not compile the attention kernel: ${error ?? 'no reason given'}`, { provider: 'webgpu' });
    }
    return new AttentionKernel(graphics, shape, value);
  }

  /** Room for keys and values of `keyCount` tokens; what is not written is zero. Throws `out-of-memory`. */
  async createMemory(keyCount: number): Promise<AttentionMemory> {
    if (keyCount === 0) throw new LongtakeError('internal', 'There is no attention to a memory without tokens.');
    const size = this.#bytes(keyCount, this.shape.tiles.keys);
    const key = await this.#buffer(size, usage.storage | usage.copyTarget | usage.copySource);
    try {
      const value = await this.#buffer(size, usage.storage | usage.copyTarget);
      return { keyCount, key, value, dispose: () => { key.destroy(); value.destroy(); } };
    } catch (error) {
      key.destroy();
      throw error;
    }
  }

  /** Writes rows of keys or values from `firstKey` on. */
  write(buffer: GPUBuffer, firstKey: number, numbers: AttentionNumbers): void {
    const { queue } = this.#graphics.device;
    const bytes = bytesOf(numbers);
    for (let start = 0; start < bytes.length; start += writtenBytes) {
      const part = bytes.subarray(start, start + writtenBytes);
      queue.writeBuffer(buffer, firstKey * this.#rowBytes + start, part);
      if (bytes.length > writtenBytes) queue.submit([]);
    }
  }

  /** Reads rows of keys or values, or of a result, from the first on. Throws `device-failed`, `out-of-memory`. */
  async read(buffer: GPUBuffer, into: AttentionNumbers): Promise<void> {
    const { device } = this.#graphics;
    const size = Math.ceil(into.byteLength / 4) * 4;
    const back = await this.#buffer(size, usage.mapRead | usage.copyTarget);
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, back, 0, size);
      device.queue.submit([encoder.finish()]);
      await back.mapAsync(mapRead).catch((cause: unknown) => { this.#graphics.fail(cause); });
      bytesOf(into).set(new Uint8Array(back.getMappedRange(), 0, into.byteLength));
      back.unmap();
      this.#graphics.check();
    } finally {
      back.destroy();
    }
  }

  /**
   * softmax(queries · keysᵀ · scale) · values for queries [rows, keyHeads · headSize]; the result has their shape.
   * Throws `device-failed` and `out-of-memory`.
   */
  async attend<Numbers extends AttentionNumbers>(queries: Numbers, memory: AttentionMemory, scale: number, options: AttendOptions = {}): Promise<Numbers> {
    const { keyHeads, headSize, tiles } = this.shape;
    const { device } = this.#graphics;
    const rows = queries.length / (keyHeads * headSize);
    if (!Number.isInteger(rows) || rows === 0) throw new LongtakeError('internal', `${String(queries.length)} numbers are no rows of ${String(keyHeads * headSize)} channels.`);
    const size = this.#bytes(rows, tileRows(tiles));
    const owned: GPUBuffer[] = [];
    const buffer = async (bytes: number, flags: number) => {
      const made = await this.#buffer(bytes, flags);
      owned.push(made);
      return made;
    };
    try {
      const input = await buffer(size, usage.storage | usage.copyTarget);
      const output = await buffer(size, usage.storage | usage.copySource);
      const parameters = await buffer(16, usage.uniform | usage.copyTarget);
      device.queue.writeBuffer(input, 0, bytesOf(queries));
      const bindings = device.createBindGroup({
        layout: this.#pipeline.getBindGroupLayout(0),
        entries: [parameters, input, memory.key, memory.value, output].map((part, binding) => ({ binding, resource: { buffer: part } })),
      });
      const allTiles = Math.ceil(rows / tileRows(tiles));
      const operationsPerTile = 4 * tileRows(tiles) * keyHeads * headSize * memory.keyCount;
      for (let first = 0, count = 0; first < allTiles; first += count) {
        options.beforeSubmission?.();
        // As many submissions as it takes, and those of one size: few tiles leave most of a device idle.
        const submissions = Math.ceil((allTiles - first) * operationsPerTile / this.#operationsPerSubmission);
        count = Math.ceil((allTiles - first) / submissions);
        const startedMs = performance.now();
        this.#submit(bindings, parameters, first, count, memory.keyCount, scale);
        await device.queue.onSubmittedWorkDone().catch((cause: unknown) => { this.#graphics.fail(cause); });
        this.#graphics.check();
        this.#adapt(performance.now() - startedMs, count * operationsPerTile);
        options.onShare?.((first + count) / allTiles);
      }
      const result = new (queries.constructor as new (length: number) => Numbers)(queries.length);
      await this.read(output, result);
      return result;
    } finally {
      for (const made of owned) made.destroy();
    }
  }

  #submit(bindings: GPUBindGroup, parameters: GPUBuffer, firstTile: number, tileCount: number, keyCount: number, scale: number): void {
    const { device } = this.#graphics;
    const words = new Uint32Array([firstTile, keyCount, 0, 0]);
    // exp2 is what devices have.
    new Float32Array(words.buffer)[2] = scale * Math.LOG2E;
    device.queue.writeBuffer(parameters, 0, words);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(tileCount, this.shape.keyHeads);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  #adapt(tookMs: number, operations: number): void {
    if (tookMs > submissionMs.shrink) this.#operationsPerSubmission /= 2;
    else if (tookMs < submissionMs.grow && operations > this.#operationsPerSubmission / 2) this.#operationsPerSubmission *= 2;
  }

  get #rowBytes(): number {
    return 16 * this.shape.keyHeads * this.shape.headSize / elementsPerVector(this.shape.element);
  }

  /** Of `rows` rows, rounded up to whole tiles. */
  #bytes(rows: number, rowsPerTile: number): number {
    return Math.ceil(rows / rowsPerTile) * rowsPerTile * this.#rowBytes;
  }

  async #buffer(size: number, flags: number): Promise<GPUBuffer> {
    const { device } = this.#graphics;
    const refused = (reason: string) => new LongtakeError('out-of-memory',
      `The graphics device (webgpu) has no room for ${String(Math.ceil(size / 1e6))} MB in the attention kernel: ${reason}`, { provider: 'webgpu', graph: 'attention', reason });
    const most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    if (size > most) throw refused(`a buffer takes ${String(Math.floor(most / 1e6))} MB at most.`);
    const { error, value } = await guarded(device, 'out-of-memory', () => Promise.resolve(device.createBuffer({ size, usage: flags })));
    if (value === undefined || error !== undefined) throw refused(error ?? 'the device is gone.');
    return value;
  }
}

/** Dawn for Node (0.6.2) divides by the element size of an array that it is handed, and knows none of a Float16Array: the process ends. */
function bytesOf(numbers: AttentionNumbers): Uint8Array<ArrayBuffer> {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function requireFit(limits: GPUSupportedLimits, shape: AttentionShape): void {
  const { headSize, spelling, element, tiles } = shape;
  const step = spelling === 'matrix' ? matrixSide : elementsPerVector(element);
  const refuse = (reason: string) => { throw new LongtakeError('provider-unavailable', `The attention kernel does not fit the graphics device (webgpu): ${reason}.`, { provider: 'webgpu' }); };
  if (headSize % tiles.keys !== 0 || tiles.keys % step !== 0) refuse(`heads of ${String(headSize)} channels are no multiple of tiles of ${String(tiles.keys)} keys, or those none of ${String(step)}`);
  if (tileRows(tiles) > threads(tiles)) refuse('a tile has more rows than invocations');
  if (threads(tiles) > limits.maxComputeInvocationsPerWorkgroup) refuse(`it takes ${String(threads(tiles))} invocations of ${String(limits.maxComputeInvocationsPerWorkgroup)}`);
  if (workgroupBytes(shape) > limits.maxComputeWorkgroupStorageSize) refuse(`it takes ${String(workgroupBytes(shape))} bytes of workgroup memory of ${String(limits.maxComputeWorkgroupStorageSize)}`);
}

/** Runs `work` with an error scope around it. */
async function guarded<Value>(device: GPUDevice, filter: GPUErrorFilter, work: () => Promise<Value>): Promise<{ error?: string; value?: Value }> {
  device.pushErrorScope(filter);
  let value: Value | undefined;
  let thrown: string | undefined;
  try {
    value = await work();
  } catch (cause) {
    thrown = cause instanceof Error ? cause.message : String(cause);
  }
  const scoped = await device.popErrorScope();
  const error = scoped?.message ?? thrown;
  return { ...(error === undefined ? {} : { error }), ...(value === undefined || thrown !== undefined ? {} : { value }) };
}
