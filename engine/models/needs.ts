import { decoderRowsPerRun, memoryTokensPerRun } from './costs.ts';
import { partsOf } from './decoder-layers.ts';
import type { ModelShape } from './spec.ts';
import { towerWidths } from './tower-widths.ts';
import type { ComputeType, WeightFormat } from './weight-store.ts';

/**
 * What a model takes, from its shapes alone: on the disk, in the memory that it runs from, and which part of that could
 * be left on the host. Nothing has to be loaded, or even downloaded, to know it.
 */

/** Parameters by what happens to them (`quantize` in weight-store.ts). */
export type ParameterCounts = {
  readonly tower: number; // never quantised; with the projector where frames are projected before they are pooled
  readonly memory: number; // otherwise projector, and keys and values of the cross-attention: never quantised
  readonly memaug: number; // at least 8 bits
  readonly decoder: number; // as the format says
  readonly head: number; // at least 8 bits; the embedding table again, turned round, where it is tied
  readonly embeddings: number; // never quantised; on the disk only, rows of it are read
  readonly small: number; // norms and biases of decoder and MemAug, never quantised
  readonly rotation: number; // cosines and sines of every position, for accelerators: made, not in the checkpoint
};

export function parameterCounts({ vision, text, memaugDepth, uniform }: ModelShape): ParameterCounts {
  const { channels, intermediate, layers, patchSize, imageSize } = vision;
  const patches = Math.floor(imageSize / patchSize) ** 2;
  const layer = 4 * (channels ** 2 + channels) + 2 * channels * intermediate + intermediate + channels + 4 * channels;
  const query = text.heads * text.headSize;
  const key = text.keyHeads * text.headSize;
  const { hidden } = text;
  // LongVILA's takes four patches at once, and norms them.
  const wide = (uniform?.downsampled === undefined ? 1 : 4) * channels;
  const projector = wide * hidden + hidden ** 2 + 2 * hidden + (wide > channels ? 2 * wide : 0);
  return {
    tower: channels * 3 * patchSize ** 2 + channels + patches * channels + layers * layer + (uniform === undefined ? 0 : projector),
    memory: (uniform === undefined ? projector : 0) + (uniform?.downsampled === undefined ? hidden : 0) + memaugDepth * 2 * key * (hidden + 1),
    memaug: memaugDepth * (hidden * (2 * query + 2 * key) + 2 * query * hidden + 8 * hidden ** 2),
    decoder: text.layers * (hidden * (query + 2 * key) + query * hidden + 3 * hidden * text.intermediate),
    head: text.vocabulary * hidden,
    embeddings: text.vocabulary * hidden,
    small: text.layers * (2 * hidden + (text.unbiased === true ? 0 : query + 2 * key)) + hidden + memaugDepth * (2 * query + 2 * key + 2 * hidden + 5 * hidden + 6 * hidden),
    rotation: text.maximumLength * text.headSize,
  };
}

/** Parameters of a checkpoint, as its page counts them. */
export function totalParameters(shape: ModelShape): number {
  const { tower, memory, memaug, decoder, head, small } = parameterCounts(shape);
  return tower + memory + memaug + decoder + small + head * (shape.text.tiedEmbeddings ? 1 : 2);
}

/** Bytes of a package's weight files, within a few percent (alignment, graphs). */
export function packageBytes(shape: ModelShape, weights: WeightFormat): number {
  const counts = parameterCounts(shape);
  const plain = weights === 'float32' ? 4 : 2;
  const quantised = weights === 'int8' || weights === 'int4';
  const heads = counts.head * (quantised ? packed(8, plain) : plain);
  return plain * (counts.tower + counts.memory + counts.embeddings + counts.small + counts.rotation) + heads
    + counts.memaug * (quantised ? packed(8, plain) : plain) + counts.decoder * bytesPerWeight(weights, plain);
}

/** Bytes that answering takes at its peak. */
export type AnswerNeeds = {
  readonly weightsBytes: number;
  /** Keys and values of all MemAug blocks, kept for the whole conversation. */
  readonly crossMemoryBytes: number;
  /** One block's keys and values once more, by head, while it runs; our own kernels need none. */
  readonly blockCopyBytes: number;
  /** Keys and values of the decoder, with room for an answer. */
  readonly cacheBytes: number;
  /** Buffers of single runs, which a device keeps for the next: those of the largest run of each network. */
  readonly scratchBytes: number;
  readonly totalBytes: number;
};

/** Rows of a prompt that our own kernels read together: submissions are cut wherever they get long. */
export const kernelPieceRows = 2048;

/** Our own decoder's cache has room for a whole number of these: kernels read keys to the end of a tile. */
export const kernelCacheRows = 128;

/** The rows at the end of a prompt whose attention is measured, at most: those of the question. */
export const measuredRows = 128;

/** Rows of the decoder's cache that are there for an answer before it has to move. */
export const answerRoom = 512;

/**
 * Needs of an answer from `memoryTokens` tokens (`askedTokens` where nothing is left out); `hasKernel` where our
 * own kernels make its keys and values, attend to them and run the decoder. On the host a tensor takes what is in it, on a device the
 * buffer that it lies in.
 */
export function answerNeeds(
  shape: ModelShape, weights: WeightFormat, compute: ComputeType, memoryTokens: number,
  { place = compute === 'float16' ? 'device' : 'host', hasKernel = false }: { readonly place?: 'host' | 'device'; readonly hasKernel?: boolean } = {},
): AnswerNeeds {
  const { text, memaugDepth, tokensPerFrame, uniform } = shape;
  const element = compute === 'float32' ? 4 : 2;
  const tensor = (elements: number) => place === 'device' ? bufferBytes(elements * element) : elements * element;
  const counts = parameterCounts(shape);
  const quantised = weights === 'int8' || weights === 'int4';
  const weightsBytes = (counts.memory + counts.small) * element + counts.rotation * (hasKernel ? 4 : element)
    + (counts.memaug + counts.head) * (quantised ? packed(8, element) : element) + counts.decoder * bytesPerWeight(weights, element);
  const keyChannels = text.keyHeads * text.headSize;
  // Our own buffers are as large as what is in them.
  const blockBytes = 2 * (hasKernel ? memoryTokens * keyChannels * element : tensor(memoryTokens * keyChannels));
  const blockCopyBytes = hasKernel || memaugDepth === 0 ? 0 : blockBytes;
  const crossMemoryBytes = blockBytes * memaugDepth;
  const rows = uniform === undefined ? promptRows(shape, memoryTokens / (tokensPerFrame + 1)) : memoryTokens + spokenRows;
  const query = text.heads * text.headSize;
  const cacheBytes = 2 * text.layers * (hasKernel ? keyChannels * wholeCacheRows(rows + answerRoom) * element : tensor(keyChannels * (rows + answerRoom)));
  const runRows = decoderRowsPerRun(shape, place);
  // Gate and up together, each, and their product; the layer behind before its parts are added up (feed-forward.ts); the residual.
  const decoderRun = hasKernel ? kernelDecoderRun(shape, rows, element) : tensor(runRows * 2 * text.intermediate) + 3 * tensor(runRows * text.intermediate)
    + tensor(runRows * partsOf(text.intermediate) * text.hidden) + 6 * tensor(runRows * text.hidden);
  // ONNX Runtime attends to the memory in float32 (memaug.ts): a block's keys and values, queries and results once more, twice as large.
  const inFloat32 = element === 4 ? 0 : 2 * bufferBytes(memoryTokens * keyChannels * 4) + 2 * bufferBytes(rows * query * 4);
  // MemAug's wide layer before and after its activation, queries in two orders and what they attended to, the residual.
  const memaugRun = 2 * tensor(rows * 4 * text.hidden) + 4 * tensor(rows * query) + 4 * tensor(rows * text.hidden) + inFloat32;
  const memoryRows = Math.min(memoryTokens, memoryTokensPerRun(shape, place));
  // Features and those chosen of them, the projector's layers, each block's keys and values before and after they are rotated.
  const memoryRun = 2 * tensor(memoryRows * shape.vision.channels) + 4 * tensor(memoryRows * text.hidden) + 4 * memaugDepth * tensor(memoryRows * keyChannels);
  // Frames that are read as they lie in the memory, a piece of them and with its newlines.
  const readingRun = 3 * tensor(Math.min(memoryTokens, framesPerReading * (tokensPerFrame + 1)) * text.hidden);
  const memoryAndQuestion = uniform !== undefined ? readingRun : hasKernel ? ownScratchBytes(shape, element, memoryRows, rows) : memaugRun + memoryRun;
  const scratchBytes = decoderRun + memoryAndQuestion + 4 * text.vocabulary;
  return { weightsBytes, crossMemoryBytes, blockCopyBytes, cacheBytes, scratchBytes, totalBytes: weightsBytes + crossMemoryBytes + blockCopyBytes + cacheBytes + scratchBytes };
}

/** Buffers of our own decoder (runtime/decoder-kernels.ts): those of a piece of the prompt, what its last rows ask for, and those of a step. */
function kernelDecoderRun({ text }: ModelShape, rows: number, element: number): number {
  const query = text.heads * text.headSize;
  const packed = query + 2 * text.keyHeads * text.headSize;
  const piece = Math.min(kernelPieceRows, rows) * (2 * text.hidden + packed + 2 * query + 3 * text.intermediate);
  const splits = wholeCacheRows(rows + answerRoom) / kernelCacheRows;
  return element * (piece + text.layers * measuredRows * query) + 4 * (splits * query + 2 * text.vocabulary);
}

function wholeCacheRows(rows: number): number {
  return Math.ceil(rows / kernelCacheRows) * kernelCacheRows;
}

/**
 * What projector and MemAug take in our own kernels' buffers (runtime/device-cross-memory.ts, device-memaug.ts) at their largest
 * moment: they go when a memory is read and when a question's rows are made, up to the cross queries.
 */
function ownScratchBytes({ vision, text }: ModelShape, element: number, memoryRows: number, rows: number): number {
  const query = text.heads * text.headSize;
  const rotation = text.headSize / 2 * 4; // a row's cosines and sines, of half of a head's channels, in float32
  const projecting = memoryRows * (vision.channels + 2 * text.hidden) * element;
  const reading = projecting + memoryRows * (text.hidden * element + rotation);
  const augmenting = rows * ((6 * text.hidden + 3 * query + 2 * text.keyHeads * text.headSize) * element + rotation);
  return Math.max(reading, projecting + augmenting);
}

/**
 * NOTE buffer sizes. ONNX Runtime's WebGPU (1.30, `buffer_manager.cc`) lays tensors into buffers of these sizes, and larger
 * ones into buffers of their own; only weights take what is in them. Freed buffers of these sizes are kept for later
 * runs, from two to some hundreds of each.
 */
const bufferSizes = [
  64, 128, 256, 512, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 12_582_912, 16_777_216, 26_214_400, 33_554_432, 44_236_800, 58_982_400, 67_108_864, 134_217_728, 167_772_160,
] as const;

function bufferBytes(bytes: number): number {
  return bufferSizes.find((size) => size >= bytes) ?? bytes;
}

/** Frames of a memory that become rows of a prompt in one run, where they need no projecting. */
export const framesPerReading = 16;

/** Frames that an accelerator encodes in one run at most. */
export const framesPerDeviceRun = 16;

/** Bytes that encoding takes: the tower, and the activations of the frames of a run (on the CPU it is one). */
export function encodeNeeds(shape: ModelShape, compute: ComputeType, framesPerRun = 1): number {
  const { vision } = shape;
  const element = compute === 'float32' ? 4 : 2;
  const patches = Math.floor(vision.imageSize / vision.patchSize) ** 2;
  return element * (parameterCounts(shape).tower + framesPerRun * patches * (3 * vision.intermediate + 8 * vision.channels));
}

/** The same on the device of our own kernels (NOTE padded widths): the tower, what a run's kernels hand on, frames and features of two runs. */
export function kernelEncodeNeeds({ vision, tokensPerFrame }: ModelShape, compute: ComputeType, framesPerRun = framesPerDeviceRun): number {
  const element = compute === 'float32' ? 4 : 2;
  const { channels, layers } = vision;
  const { patches, patchInputs, attended, intermediate } = towerWidths(vision);
  const layer = channels * (4 * attended + 2 * intermediate) + 3 * attended + intermediate + 6 * channels;
  const rows = framesPerRun * patches;
  const run = rows * (channels + Math.max(channels, attended) + Math.max(patchInputs, 3 * attended, intermediate)) + 3 * framesPerRun * tokensPerFrame * channels;
  return element * (patchInputs * channels + patches * channels + layers * layer + run) + 2 * framesPerRun * 3 * vision.imageSize ** 2;
}

/** What the process has besides: Node, ONNX Runtime, the library. Measured with the demo model. */
export const processBytes = 250e6;

const spokenRows = 600;
const mostRetainedFrames = 512;

/** Rows of a prompt: a quarter of the frames, of each a quarter of its tokens and the newline; text and answer. */
function promptRows({ tokensPerFrame }: ModelShape, frames: number): number {
  return Math.min(mostRetainedFrames, Math.max(32, Math.floor(frames / 4))) * (Math.ceil(tokensPerFrame / 4) + 1) + spokenRows;
}

/** Bytes of a weight in blocks of 32 with one scale each. */
function packed(bits: 4 | 8, scaleBytes: number): number {
  return bits / 8 + scaleBytes / 32;
}

function bytesPerWeight(weights: WeightFormat, element: number): number {
  return weights === 'int8' ? packed(8, element) : weights === 'int4' ? packed(4, element) : element;
}
