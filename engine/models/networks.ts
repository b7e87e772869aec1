import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { WeightFile } from '../graph/weight-file.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { buildProbe, buildShares } from './attention-shares.ts';
import { buildCacheRoom } from './cache-room.ts';

import { ConversionThreads } from './conversion-threads.ts';
import type { ConversionThreadsOptions } from './conversion-threads.ts';
import type { Family } from './families.ts';
import { encoderFingerprint } from './fingerprint.ts';
import { graphFile, packageFiles } from './graph-names.ts';
import { buildCrossMemory, buildMemaugBlock, buildQueryKeys } from './memaug.ts';
import { buildProjector, buildTokenReader } from './projector.ts';
import { buildDecoder } from './qwen2.ts';
import { buildVision } from './siglip.ts';
import type { ModelDimensions, ModelSpec } from './spec.ts';
import { WeightJournal } from './weight-journal.ts';
import { WeightStore } from './weight-store.ts';
import type { AttentionKind, ComputeType, WeightFormat } from './weight-store.ts';

export type WrittenNetworks = {
  readonly files: ModelSpec['files'];
  readonly embeddings: ModelSpec['embeddings'];
  readonly encoderFingerprint: string;
};

type NetworkOptions = {
  readonly weights: WeightFormat;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Goes on where an earlier attempt in the same folder was interrupted. */
  readonly resume?: boolean | undefined;
  readonly conversion?: ConversionThreadsOptions | undefined;
};

/**
 * Writes all graphs of a model and their weights into `directory`, and refuses checkpoints with tensors that no graph
 * uses: they are signs of another architecture.
 */
export async function writeNetworks(
  checkpoint: Checkpoint, family: Family, directory: string, options: NetworkOptions,
): Promise<WrittenNetworks> {
  await using threads = new ConversionThreads(options.conversion);
  const writer = new NetworkWriter(checkpoint, directory, { ...options, threads });
  const { dimensions } = family;

  await writer.network(packageFiles.visionWeights, async (store, compute) => {
    await writer.graph(packageFiles.vision, compute, await buildVision(store, dimensions, compute));
    if (compute === 'float32') {
      await writer.graph(packageFiles.vision, compute, await buildVision(store, dimensions, compute, 'plain'), 'plain');
    }
  });
  // What the vision graph is made of is what a memory's features come from. It is hashed beside the rest.
  const fingerprint = encoderFingerprint(checkpoint, dimensions, [...writer.used], options.signal);
  fingerprint.catch(() => undefined); // awaited below
  if (dimensions.uniform === undefined) await writeMemaug(writer, dimensions);
  else {
    await writer.network(packageFiles.memoryWeights, async (store, compute) => {
      await writer.graph(packageFiles.projector, compute, await buildTokenReader(store, dimensions, compute));
    });
  }
  let embeddings: ModelSpec['embeddings'] | undefined;
  await writer.network(packageFiles.decoderWeights, async (store, compute) => {
    const { data, type } = await store.table('model.embed_tokens.weight', [dimensions.text.vocabulary, dimensions.text.hidden]);
    embeddings = { byteOffset: data.byteOffset, type };
    if (compute === 'float32') {
      await writer.graph(packageFiles.decoder, compute, await buildDecoder(store, dimensions, 'host', compute));
      await writer.graph(packageFiles.probe, compute, buildProbe(dimensions, 'host', compute));
      await writer.graph(packageFiles.decoderDevice, compute, await buildDecoder(store, dimensions, 'device', compute, 'plain'), 'plain');
    }
    await writer.graph(packageFiles.decoderDevice, compute, await buildDecoder(store, dimensions, 'device', compute));
    await writer.graph(packageFiles.probeDevice, compute, buildProbe(dimensions, 'device', compute));
    await writer.graph(packageFiles.cacheRoom, compute, buildCacheRoom(dimensions, compute));
  });
  if (embeddings === undefined) throw new LongtakeError('internal', 'The decoder was not written.');
  requireNoStrays(checkpoint, family, writer.used);
  return { files: writer.files, embeddings, encoderFingerprint: await fingerprint };
}

async function writeMemaug(writer: NetworkWriter, dimensions: ModelDimensions): Promise<void> {
  await writer.network(packageFiles.memoryWeights, async (store, compute) => {
    await writer.graph(packageFiles.projector, compute, await buildProjector(store, dimensions, compute));
    await writer.graph(packageFiles.crossMemory, compute, await buildCrossMemory(store, dimensions, compute));
    await writer.graph(packageFiles.shares, compute, buildShares(dimensions, compute));
  });
  await writer.network(packageFiles.memaugWeights, async (store, compute) => {
    await writer.graph(packageFiles.queryKeys, compute, await buildQueryKeys(store, dimensions, compute));
    for (let block = 0; block < dimensions.memaugDepth; block += 1) {
      const name = packageFiles.memaugBlock(block);
      await writer.graph(name, compute, await buildMemaugBlock(store, dimensions, block, compute));
      if (compute === 'float32') {
        await writer.graph(name, compute, await buildMemaugBlock(store, dimensions, block, compute, 'plain'), 'plain');
      }
    }
  });
}

type WriterOptions = NetworkOptions & { readonly threads: ConversionThreads };

class NetworkWriter {
  readonly used = new Set<string>();
  readonly files: ModelSpec['files'] = [];
  readonly #checkpoint: Checkpoint;
  readonly #directory: string;
  readonly #options: WriterOptions;
  readonly #totalBytes: number;

  constructor(checkpoint: Checkpoint, directory: string, options: WriterOptions) {
    this.#checkpoint = checkpoint;
    this.#directory = directory;
    this.#options = options;
    this.#totalBytes = [...checkpoint.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Writes one weight file and the graphs over it, for every type that they may compute in. */
  async network(weightFileName: string, build: (store: WeightStore, compute: ComputeType) => Promise<void>): Promise<void> {
    const { weights, signal, resume, threads } = this.#options;
    const path = join(this.#directory, weightFileName);
    const journal = resume === true ? await WeightJournal.open(path) : undefined;
    const file = await WeightFile.resume(path, journal?.byteLength ?? 0);
    try {
      const store = new WeightStore(this.#checkpoint, file, weights, { used: this.used, threads, signal, journal, onStored: () => { this.#report(); } });
      for (const compute of computeTypes(weights)) await build(store, compute);
    } catch (error) {
      await journal?.flush(file).catch(() => undefined); // a full disk: less is kept
      await file.abandon();
      throw error;
    } finally {
      await journal?.close();
    }
    const summary = await file.close();
    this.files.push({ name: summary.fileName, byteLength: summary.byteLength, sha256: summary.sha256 });
  }

  async graph(fileName: string, compute: ComputeType, graph: GraphBuilder, attention: AttentionKind = 'fused'): Promise<void> {
    const name = graphFile(fileName, compute, attention);
    const bytes = graph.encode();
    await writeFile(join(this.#directory, name), bytes, { flush: true });
    this.files.push({ name, byteLength: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') });
  }

  /** Bytes of the checkpoint that are converted. */
  #report(): void {
    const { tensors } = this.#checkpoint;
    let done = 0;
    for (const name of this.used) done += tensors.get(name)?.byteLength ?? 0;
    this.#options.onProgress?.({ stage: 'prepare-model', done, total: this.#totalBytes });
  }
}

/** float32 graphs run everywhere; float16 ones are for accelerators that compute in it, and need float16 weights. */
export function computeTypes(weights: WeightFormat): readonly ComputeType[] {
  return weights === 'float32' ? ['float32'] : ['float32', 'float16'];
}

function requireNoStrays(checkpoint: Checkpoint, family: Family, used: ReadonlySet<string>): void {
  const strays = [...checkpoint.tensors.keys()].filter((name) => !used.has(name) && !family.mayIgnore(name));
  const [first] = strays;
  if (first === undefined) return;
  throw new LongtakeError('checkpoint-invalid',
    `The checkpoint in ${checkpoint.directory} has ${String(strays.length)} tensor(s) that its config does not account for, the first is "${first}".`,
    { directory: checkpoint.directory, tensor: first, strays: strays.length });
}
