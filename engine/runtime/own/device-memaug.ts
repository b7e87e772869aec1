import type { AttentionKernel, AttentionMemory } from '../../kernels/attention-kernel.ts';
import { NormKernel } from '../../kernels/norm-kernel.ts';
import { allKernels } from '../../kernels/pipelines.ts';
import { Recording } from '../../kernels/recording.ts';
import { RotateKernel } from '../../kernels/rotate-kernel.ts';
import { layerNormEpsilon, memaugKey, memaugNorm, memaugRotarySize } from '../../models/memaug.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { throwIfCancelled } from '../../protocol/errors.ts';
import type { DeviceCrossMemory } from './device-cross-memory.ts';
import { disposeScratch } from './device-projector.ts';
import type { DeviceWeights } from './device-weights.ts';
import type { Layer, OwnDevice } from './own-device.ts';

type Norm = { readonly scale: GPUBuffer; readonly bias: GPUBuffer };
type Block = Readonly<Record<'selfQuery' | 'selfKey' | 'selfValue' | 'selfOutput' | 'crossQuery' | 'crossOutput' | 'up' | 'down', Layer>> & { readonly norms: readonly [Norm, Norm, Norm] };

/** What MemAug works in for a question of so many rows. Dispose of it. */
export type MemaugRows = {
  readonly count: number;
  /** [rows, hidden]: where the question's rows are written. */
  readonly input: GPUBuffer;
  /** [rows, hidden]: what MemAug has made of them. It may be the same buffer. */
  readonly rows: GPUBuffer;
  /** A block's rotated cross queries in folded order, [rows, heads · headSize]; the last block's stay for what was looked at. */
  readonly crossQueries: GPUBuffer;
  readonly cosine: GPUBuffer;
  readonly sine: GPUBuffer;
  /** Lets go of what only a run needs. */
  readonly finish: () => void;
  readonly dispose: () => void;
};

type Scratch = Readonly<Record<'other' | 'selfQuery' | 'attended' | 'wide', GPUBuffer>>;

/** MemAug's blocks (models/memaug.ts) on our own device, from question rows to augmented ones. */
export class DeviceMemaug {
  readonly #own: OwnDevice;
  readonly #spec: ModelSpec;
  readonly #blocks: readonly Block[];
  readonly #attention: AttentionKernel;
  readonly #norm: NormKernel;
  readonly #rotateQueries: RotateKernel;
  readonly #rotateKeys: RotateKernel;
  readonly #scratch = new WeakMap<MemaugRows, { readonly buffers: Scratch; readonly self: AttentionMemory }>();

  private constructor(own: OwnDevice, spec: ModelSpec, blocks: readonly Block[], kernels: { readonly attention: AttentionKernel; readonly norm: NormKernel; readonly rotateQueries: RotateKernel; readonly rotateKeys: RotateKernel }) {
    this.#own = own;
    this.#spec = spec;
    this.#blocks = blocks;
    this.#attention = kernels.attention;
    this.#norm = kernels.norm;
    this.#rotateQueries = kernels.rotateQueries;
    this.#rotateKeys = kernels.rotateKeys;
  }

  static async open(own: OwnDevice, spec: ModelSpec, weights: DeviceWeights, attention: AttentionKernel): Promise<DeviceMemaug> {
    const { hidden, heads, keyHeads, headSize } = spec.text;
    const blocks: Block[] = [];
    for (let block = 0; block < spec.memaugDepth; block += 1) blocks.push(await loadBlock(own, spec, weights, block));
    const { graphics, element } = own;
    const stored = weights.elementOf(`${memaugNorm(0, 1)}weight`);
    const rotate = (headCount: number) => RotateKernel.create(graphics, { heads: headCount, headSize, rotarySize: memaugRotarySize(spec.text), element });
    const kernels = await allKernels({
      norm: NormKernel.create(graphics, { kind: 'layer', channels: hidden, epsilon: layerNormEpsilon, element, stored }), rotateQueries: rotate(heads), rotateKeys: rotate(keyHeads),
    });
    return new DeviceMemaug(own, spec, blocks, { attention, ...kernels });
  }

  /** Room for a question. Throws `out-of-memory`. */
  async begin(count: number): Promise<MemaugRows> {
    const { hidden, heads, keyHeads, headSize } = this.#spec.text;
    const own = this.#own;
    const made: GPUBuffer[] = [];
    const buffer = async (rows: number, channels: number, what: string) => {
      const one = await own.rows(rows, channels, what);
      made.push(one);
      return one;
    };
    const folded = this.#attention.paddedRows(count * heads / keyHeads);
    const queries = () => buffer(folded, keyHeads * headSize, 'cross queries');
    try {
      const rows = await buffer(count, hidden, 'MemAug');
      const crossQueries = await queries();
      const { cosine, sine } = await own.rotation(count, memaugRotarySize(this.#spec.text));
      made.push(cosine, sine);
      const buffers = { other: await buffer(count, hidden, 'MemAug'), selfQuery: await queries(), attended: await queries(), wide: await buffer(count, 4 * hidden, 'MemAug') };
      const self = await this.#attention.createMemory(count);
      const finish = () => {
        disposeScratch(buffers);
        self.dispose();
      };
      const begun = { count, input: this.#blocks.length % 2 === 0 ? rows : buffers.other, rows, crossQueries, cosine, sine, finish, dispose: () => {
        finish();
        for (const one of made) one.destroy();
      } };
      this.#scratch.set(begun, { buffers, self });
      return begun;
    } catch (error) {
      for (const one of made) one.destroy();
      throw error;
    }
  }

  /** All blocks over all rows. Throws `cancelled`, `device-failed`, `out-of-memory`. */
  async run(begun: MemaugRows, memory: DeviceCrossMemory, { signal, onShare }: { readonly signal?: AbortSignal | undefined; readonly onShare?: ((share: number) => void) | undefined }): Promise<void> {
    for (let block = 0; block < this.#blocks.length; block += 1) {
      await memory.useBlock(block, async (cross) => {
        const recording = new Recording(this.#own.graphics);
        try {
          this.#record(recording, begun, block, cross);
          await this.#own.submissions.run(recording.steps, {
            beforeSubmission: () => { throwIfCancelled(signal); },
            onShare: (share) => { onShare?.((block + share) / this.#blocks.length); },
          });
        } finally {
          recording.dispose();
        }
      });
    }
  }

  /** One block: rows to rows. A residual is added where it lies, and its norm goes to the other of two buffers. */
  #record(recording: Recording, begun: MemaugRows, index: number, cross: AttentionMemory): void {
    const { count, rows, crossQueries, cosine, sine } = begun;
    const { buffers: { other, selfQuery, attended, wide }, self } = this.#scratch.get(begun) as { readonly buffers: Scratch; readonly self: AttentionMemory };
    const block = this.#blocks[index] as Block;
    // Three norms a block: blocks take turns in where their rows begin, and the last ends in `rows`.
    const [one, two] = (this.#blocks.length - index) % 2 === 0 ? [rows, other] : [other, rows];
    const layer = (name: Exclude<keyof Block, 'norms'>, input: GPUBuffer, result: GPUBuffer) => { block[name].record(recording, { input, result, rows: count }); };
    const norm = (place: 0 | 1 | 2, input: GPUBuffer, result: GPUBuffer) => { this.#norm.record(recording, { input, ...block.norms[place], result, rows: count }); };
    const rotate = (kernel: RotateKernel, turned: GPUBuffer) => { kernel.record(recording, { rows: turned, rowCount: count, cosine, sine }); };
    const { heads, keyHeads, headSize } = this.#spec.text;
    const attend = (queries: GPUBuffer, memory: AttentionMemory) => {
      // NOTE folded heads (models/heads.ts).
      this.#attention.record(recording, { queries, memory, result: attended, rows: count * heads / keyHeads, scale: 1 / Math.sqrt(headSize) });
    };
    layer('selfKey', one, self.key);
    rotate(this.#rotateKeys, self.key);
    layer('selfValue', one, self.value);
    layer('selfQuery', one, selfQuery);
    rotate(this.#rotateQueries, selfQuery);
    attend(selfQuery, self);
    layer('selfOutput', attended, one);
    norm(0, one, two);
    layer('crossQuery', two, crossQueries);
    rotate(this.#rotateQueries, crossQueries);
    attend(crossQueries, cross);
    layer('crossOutput', attended, two);
    norm(1, two, one);
    layer('up', one, wide);
    layer('down', wide, one);
    norm(2, one, two);
  }
}

async function loadBlock(own: OwnDevice, { text }: ModelSpec, weights: DeviceWeights, block: number): Promise<Block> {
  const channels = text.heads * text.headSize;
  const layer = async (part: Parameters<typeof memaugKey>[1], inputs: number, options: Parameters<OwnDevice['layer']>[1] = {}) => own.layer(await weights.linear(memaugKey(block, part), inputs), options);
  const norm = async (index: 1 | 2 | 3): Promise<Norm> => ({ scale: await weights.tensor(`${memaugNorm(block, index)}weight`), bias: await weights.tensor(`${memaugNorm(block, index)}bias`) });
  return {
    selfQuery: await layer('self_query', text.hidden), selfKey: await layer('self_key', text.hidden), selfValue: await layer('self_value', text.hidden),
    selfOutput: await layer('self_output', channels, { adds: true }),
    crossQuery: await layer('cross_query', text.hidden), crossOutput: await layer('cross_output', channels, { adds: true }),
    up: await layer('up', text.hidden, { activation: 'gelu' }), down: await layer('down', 4 * text.hidden, { adds: true }),
    norms: [await norm(1), await norm(2), await norm(3)],
  };
}
