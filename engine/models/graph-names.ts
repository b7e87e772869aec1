/**
 * The names of every graph's inputs and outputs, once: the builders write them, the runtime feeds them.
 * Sizes: T frames, G pooled grid side, P patches a frame, C tower channels, N memory tokens, R query rows of a run,
 * S rows of the whole query, D model channels, H heads, K key heads, d channels of a head.
 */
export const visionNames = {
  frames: 'frames', // uint8 [T, size, size, 3] RGB
  features: 'features', // [T, G·G, C] pooled
  patches: 'patches', // [T, P, C] before pooling
} as const;

export const projectorNames = {
  features: 'features', // [T, G·G, C]
  tokenIndices: 'token_indices', // int64 [N], row of frame · (G·G + 1) + token; token G·G is the newline
  tokens: 'tokens', // [N, D]
} as const;

export const rotaryNames = {
  cosine: 'cosine', // [rows, rotary / 2]
  sine: 'sine',
} as const;

export const crossMemoryNames = {
  tokens: 'tokens', // [N, D]
  key: (block: number) => `key_${String(block)}`, // [1, N, K·d] rotated
  value: (block: number) => `value_${String(block)}`, // [1, N, K·d]
} as const;

export const queryKeysNames = {
  rows: 'rows', // [R, D]
  key: 'self_key', // [1, R, K·d] rotated
  value: 'self_value', // [1, R, K·d]
} as const;

export const memaugBlockNames = {
  rows: 'rows', // [R, D]
  selfKey: 'self_key', // [1, S, K·d]
  selfValue: 'self_value',
  crossKey: 'cross_key', // [1, N, K·d]
  crossValue: 'cross_value',
  output: 'output', // [R, D]
  /** Rotated cross-attention queries in folded order, for the attention shares. */
  crossQuery: 'cross_query', // [1, R, H·d]
  nextKey: 'next_self_key', // [1, R, K·d] of the next block; absent in the last
  nextValue: 'next_self_value',
} as const;

export const shareNames = {
  queries: 'queries', // [1, R, H·d] folded order
  rowWeights: 'row_weights', // [R], sums to what the shares are to sum to
  keys: 'keys', // [1, N, K·d]
  shares: 'shares', // [N]
} as const;

export const decoderNames = {
  embeddings: 'embeddings', // [R, D]
  mask: 'mask', // CPU: [R, past + R] added to the scores
  lastIndex: 'last_index', // GPU: int32 [], of the last row in the whole sequence
  totalLength: 'total_length', // GPU: int32 [1], one more
  endIndex: 'end_index', // GPU: int32 [], the same
  tokenStart: 'token_start', // GPU, where the graph holds the embeddings: int64 [1], a token whose row stands behind the rows given
  tokenEnd: 'token_end', // one more, or the same for no token
  pastKey: (layer: number) => `past_key_${String(layer)}`, // CPU: [past, K, d]; GPU: [1, K, past, d]
  pastValue: (layer: number) => `past_value_${String(layer)}`,
  newKey: (layer: number) => `new_key_${String(layer)}`, // CPU: the rows of this run [R, K, d]; GPU: all [1, K, total, d], or the past itself with this run's rows in it
  newValue: (layer: number) => `new_value_${String(layer)}`,
  query: (layer: number) => `query_${String(layer)}`, // [R, H·d or more], not rotated; a device's fused attention has keys and values behind
  logits: 'logits', // float32 [1, vocabulary] of the last row
} as const;

export const probeNames = {
  queries: 'queries', // as the decoder's queries
  keys: 'keys', // as the decoder's past keys
  length: 'length', // GPU: int64 [1], rows of them that are keys
  shares: 'shares', // [past], mean over rows and heads, sums to 1
} as const;

export const cacheRoomNames = {
  cache: 'cache', // [1, K, rows, d]
  room: 'room', // int64 [4]: 1, K, rows to add, d
  grown: 'grown', // [1, K, rows + rows to add, d]
} as const;

export const joinNames = {
  piece: (index: number) => `piece_${String(index)}`, // [1, rows of it, channels]
  joined: 'joined', // [1, rows of all, channels]
} as const;

/** File names inside a model package; other variants of a graph have their name before the extension (`graphFile`). */
export const packageFiles = {
  manifest: 'model.json',
  tokenizer: 'tokenizer.json',
  generationConfig: 'generation_config.json',
  vision: 'vision.onnx',
  projector: 'projector.onnx',
  crossMemory: 'cross-memory.onnx',
  queryKeys: 'memaug-keys.onnx',
  memaugBlock: (block: number) => `memaug-block-${String(block)}.onnx`,
  shares: 'attention-shares.onnx',
  decoder: 'decoder.onnx',
  decoderDevice: 'decoder-device.onnx',
  probe: 'decoder-probe.onnx',
  probeDevice: 'decoder-probe-device.onnx',
  cacheRoom: 'decoder-cache-room.onnx',
  visionWeights: 'vision.weights',
  memoryWeights: 'memory.weights',
  memaugWeights: 'memaug.weights',
  decoderWeights: 'decoder.weights',
} as const;

/** The file of a graph for what it computes in and how it attends. */
export function graphFile(fileName: string, compute: 'float32' | 'float16', attention: 'fused' | 'plain' = 'fused'): string {
  const variant = attention === 'plain' ? '.plain' : compute === 'float16' ? '.float16' : '';
  return fileName.replace(/\.onnx$/, `${variant}.onnx`);
}
