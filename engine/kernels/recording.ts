import { usage } from './device-buffers.ts';
import type { GraphicsDevice } from './graphics-device.ts';

/** One kernel over its buffers. */
export type Step = {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  /** Workgroups. A step may be cut along x, and `first` then says where a part begins. */
  readonly groups: readonly [x: number, y: number, z: number];
  /** Operations of matrix products; a byte that is moved counts as `operationsPerByte`. */
  readonly cost: number;
  readonly parameters: GPUBuffer;
  readonly parametersOffset: number;
};

export type NewStep = {
  readonly pipeline: GPUComputePipeline;
  /** Bindings 1 and up; binding 0 are the parameters. No buffer both as `read` and as `read_write`: WebGPU refuses that. */
  readonly buffers: readonly (GPUBuffer | GPUBufferBinding)[];
  /** Words 1 to 3 of the parameters, 32 bits each; word 0 is the first workgroup along x. */
  readonly words: readonly [number, number, number];
  readonly groups: readonly [x: number, y: number, z: number];
  readonly cost: number;
};

/** Where matrix units have a hundred teraflops, memory has some terabytes a second. */
export const operationsPerByte = 50;

const slotBytes = 256; // what bindings of uniform buffers are aligned to
const slotsPerBuffer = 64;

/**
 * Kernels in the order in which they are to run, with their bindings: made once, run as often as wanted (`Submissions`).
 *
 *   const recording = new Recording(graphics);
 *   linear.record(recording, { input, weights, result, rows });  // every kernel has a `record`
 *   norm.record(recording, { … });
 *   await submissions.run(recording.steps);                      // long work, in short submissions
 *   submissions.submit(recording.steps);                         // a step of an answer, as one
 *   recording.dispose();
 *
 * The parameters of a kernel begin with the first workgroup along x (u32), followed by three words of its own. What changes from
 * run to run (a position, a length) lies in a buffer of whoever records, which is bound like any other and written before a run.
 */
export class Recording {
  readonly #graphics: GraphicsDevice;
  readonly #parameters: GPUBuffer[] = [];
  readonly #steps: Step[] = [];

  constructor(graphics: GraphicsDevice) {
    this.#graphics = graphics;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  add({ pipeline, buffers, words, groups, cost }: NewStep): void {
    const { device } = this.#graphics;
    const slot = this.#steps.length % slotsPerBuffer;
    if (slot === 0) this.#parameters.push(device.createBuffer({ size: slotBytes * slotsPerBuffer, usage: usage.uniform | usage.copyTarget }));
    const parameters = this.#parameters.at(-1) as GPUBuffer;
    const parametersOffset = slot * slotBytes;
    device.queue.writeBuffer(parameters, parametersOffset, Uint32Array.of(0, ...words));
    const bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ buffer: parameters, offset: parametersOffset, size: 16 }, ...buffers.map((part) => 'buffer' in part ? part : { buffer: part })]
        .map((resource, binding) => ({ binding, resource })),
    });
    this.#steps.push({ pipeline, bindings, groups, cost, parameters, parametersOffset });
  }

  dispose(): void {
    for (const buffer of this.#parameters.splice(0)) buffer.destroy();
    this.#steps.length = 0;
  }
}

/** A float as the 32 bits of a word. */
export function floatWord(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0] as number;
}
