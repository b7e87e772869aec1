import type { GraphicsDevice } from './graphics-device.ts';
import type { Step } from './recording.ts';

/** Of the first submission; the time that it took says how much the next may take. */
const firstCost = 1e12;
/** A submission that a slow device cannot finish in about two seconds is ended by its driver. */
const submissionMs = { grow: 150, shrink: 400 } as const;
const mostGroups = 65_535; // of a dispatch, along x

export type RunOptions = {
  /** Called before every submission; throws to stop. */
  readonly beforeSubmission?: (() => void) | undefined;
  /** Called after every submission with the share that is done, 0 to 1. */
  readonly onShare?: ((share: number) => void) | undefined;
};

/** Workgroups `first` to `first + count` along x of a step. */
type Part = { readonly step: Step; readonly first: number; readonly count: number };

/** Runs recorded steps, as much at a time as the device has shown to finish soon. */
export class Submissions {
  readonly #graphics: GraphicsDevice;
  #costPerSubmission = firstCost;

  constructor(graphics: GraphicsDevice) {
    this.#graphics = graphics;
  }

  /** Waits until all of it is done. Throws `device-failed` and `out-of-memory`. */
  async run(steps: readonly Step[], options: RunOptions = {}): Promise<void> {
    const total = steps.reduce((sum, { cost }) => sum + cost, 0);
    let done = 0;
    let parts: Part[] = [];
    let gathered = 0;
    const flush = async () => {
      if (parts.length === 0) return;
      options.beforeSubmission?.();
      const startedMs = performance.now();
      this.#submit(parts);
      await this.settle();
      this.#adapt(performance.now() - startedMs, gathered);
      done += gathered;
      [parts, gathered] = [[], 0];
      options.onShare?.(total === 0 ? 1 : done / total);
    };
    for (const step of steps) {
      const all = step.groups[0];
      const costPerGroup = step.cost / all;
      for (let first = 0, count = 0; first < all; first += count) {
        const left = all - first;
        if (gathered > 0 && gathered + left * costPerGroup > this.#costPerSubmission) await flush();
        // As many submissions as it takes, and those of one size: few workgroups leave most of a device idle.
        const submissions = Math.ceil(left * costPerGroup / this.#costPerSubmission);
        count = Math.min(Math.ceil(left / Math.max(1, submissions)), mostGroups);
        parts.push({ step, first, count });
        gathered += count * costPerGroup;
        if (count < left) await flush(); // its parameters can have one value in a submission
      }
    }
    await flush();
  }

  /** All steps as one submission, without waiting: for work that is known to be short. `behind` may add copies. */
  submit(steps: readonly Step[], behind?: (encoder: GPUCommandEncoder) => void): void {
    this.#graphics.device.queue.submit([this.encode(steps, behind)]);
  }

  /** The same made ready beforehand: what encoding takes is then spent while the device is at work. Good for one submission. */
  encode(steps: readonly Step[], behind?: (encoder: GPUCommandEncoder) => void): GPUCommandBuffer {
    return this.#encode(steps.map((step) => ({ step, first: 0, count: step.groups[0] })), behind);
  }

  /** Waits for everything that was submitted. Throws `device-failed` and `out-of-memory`. */
  async settle(): Promise<void> {
    await this.#graphics.device.queue.onSubmittedWorkDone().catch((cause: unknown) => { this.#graphics.fail(cause); });
    this.#graphics.check();
  }

  #submit(parts: readonly Part[]): void {
    const { queue } = this.#graphics.device;
    for (const { step, first, count } of parts) if (count < step.groups[0]) queue.writeBuffer(step.parameters, step.parametersOffset, Uint32Array.of(first));
    queue.submit([this.#encode(parts)]);
    for (const { step, first } of parts) if (first > 0) queue.writeBuffer(step.parameters, step.parametersOffset, Uint32Array.of(0));
  }

  #encode(parts: readonly Part[], behind?: (encoder: GPUCommandEncoder) => void): GPUCommandBuffer {
    const encoder = this.#graphics.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { step, count } of parts) {
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, step.bindings);
      pass.dispatchWorkgroups(count, step.groups[1], step.groups[2]);
    }
    pass.end();
    behind?.(encoder);
    return encoder.finish();
  }

  #adapt(tookMs: number, cost: number): void {
    if (tookMs > submissionMs.shrink) this.#costPerSubmission /= 2;
    else if (tookMs < submissionMs.grow && cost > this.#costPerSubmission / 2) this.#costPerSubmission *= 2;
  }
}
