import type { Tensor } from 'onnxruntime-node';
import { decoderRowsPerRun } from '../models/costs.ts';
import { decoderNames, packageFiles } from '../models/graph-names.ts';
import { answerRoom } from '../models/needs.ts';
import { holdsEmbeddings } from '../models/qwen2.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { AnswerDecoder, MeasuredRows, PromptRows, ReadOptions, ReadResult, TokenRows } from './answer-decoder.ts';
import { createCache } from './create-cache.ts';
import type { DecoderCache } from './decoder-cache.ts';
import { requireFiniteResult } from './finite.ts';
import { probedRows } from './probed-rows.ts';
import { output, placeOf, plainScores } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, indexTensor, joinRows, numberTensor } from './tensors.ts';
import type { Numbers } from './tensors.ts';

const fewestRows = 32;

export type DecoderSessions = { readonly decoder: GraphSession; readonly cacheRoom: GraphSession | undefined; readonly probe: GraphSession };

/** A decoder by ONNX Runtime. */
export class Decoder implements AnswerDecoder {
  readonly takesHeldRows = false;
  readonly #session: GraphSession;
  readonly #probe: GraphSession;
  readonly #spec: ModelSpec;
  readonly #device: Device;
  readonly #queryNames: readonly string[];
  readonly #holdsEmbeddings: boolean;
  readonly #cache: DecoderCache;

  constructor({ decoder: session, cacheRoom, probe }: DecoderSessions, spec: ModelSpec, device: Device, promptLength: number) {
    this.#session = session;
    this.#probe = probe;
    this.#spec = spec;
    this.#device = device;
    this.#queryNames = Array.from({ length: spec.text.layers }, (_, layer) => decoderNames.query(layer));
    this.#holdsEmbeddings = device.keepsTensors && device.attention === 'fused' && holdsEmbeddings(spec.text, spec.weights);
    this.#cache = createCache(spec, device, cacheRoom, promptLength + answerRoom);
  }

  get length(): number {
    return this.#cache.length;
  }

  /** Where rows are measured, the last piece is all of them. */
  async read(parts: readonly PromptRows[], count: number, options: ReadOptions): Promise<ReadResult> {
    const embeddings = joinRows(this.#device.compute, parts.map((part) => {
      if ('held' in part) throw new LongtakeError('internal', 'These rows lie on a device that ONNX Runtime does not have.');
      return part;
    }));
    const { hidden } = this.#spec.text;
    const bounds = pieceBounds(this.#spec, this.#device, count, options.measuredFrom);
    let logits = new Float32Array();
    let measured: MeasuredRows | undefined;
    for (let piece = 0; piece + 1 < bounds.length; piece += 1) {
      throwIfCancelled(options.signal);
      const start = bounds[piece] as number;
      const end = bounds[piece + 1] as number;
      const keepQueries = end === count && options.measuredFrom !== undefined;
      const results = await this.#run(embeddings.subarray(start * hidden, end * hidden), end - start, keepQueries);
      logits = output(results, decoderNames.logits).data as Float32Array<ArrayBuffer>;
      if (keepQueries) {
        const queries = this.#queryNames.map((name) => output(results, name));
        measured = probedRows(this.#probe, this.#spec, this.#device, end - start, queries, this.#cache.holdKeys());
      }
      options.onShare?.(end / count);
    }
    requireFiniteResult(logits, this.#device.provider, packageFiles.decoder);
    return { logits, measured };
  }

  async step(tokenId: number, embeddings: TokenRows): Promise<Float32Array> {
    const results = this.#holdsEmbeddings
      ? await this.#run(allocate(this.#device.compute, 0), 1, false, tokenId)
      : await this.#run(await embeddings.rows([tokenId]), 1, false);
    const logits = output(results, decoderNames.logits).data as Float32Array<ArrayBuffer>;
    requireFiniteResult(logits, this.#device.provider, packageFiles.decoder);
    return logits;
  }

  dispose(): void {
    this.#cache.dispose();
  }

  /** Over `count` rows: those given, and behind them the row of a token where the graph holds it. */
  async #run(rows: Numbers, count: number, keepQueries: boolean, tokenId?: number): Promise<Record<string, Tensor>> {
    // NOTE output places (session.ts): where some outputs stay on a device all have to be asked for, also those nobody wants.
    const queryNames = keepQueries || this.#session.hasPlaces ? this.#queryNames : [];
    await this.#cache.makeRoom(count);
    const results = await this.#session.run({
      [decoderNames.embeddings]: numberTensor(rows, [rows.length / this.#spec.text.hidden, this.#spec.text.hidden]),
      ...(this.#holdsEmbeddings ? tokenFeeds(tokenId) : {}),
      ...this.#cache.feeds(count),
    }, [decoderNames.logits, ...this.#cache.outputNames, ...queryNames], this.#cache.into());
    this.#cache.append(results, count);
    if (!keepQueries) for (const name of queryNames) output(results, name).dispose();
    return results;
  }
}

function tokenFeeds(tokenId: number | undefined): Record<string, Tensor> {
  return {
    [decoderNames.tokenStart]: indexTensor(Int32Array.of(tokenId ?? 0)),
    [decoderNames.tokenEnd]: indexTensor(Int32Array.of(tokenId === undefined ? 0 : tokenId + 1)),
  };
}

/** Where the pieces of a prompt begin, and its end: fixed by shapes alone, so that logits are the same on every run. */
function pieceBounds(spec: ModelSpec, device: Device, count: number, measuredFrom: number | undefined): number[] {
  const affordable = decoderRowsPerRun(spec, placeOf(device));
  const fitting = device.attention === 'plain' ? plainScores / (spec.text.heads * count) : Infinity;
  const rows = Math.max(fewestRows, Math.floor(Math.min(affordable, fitting) / fewestRows) * fewestRows);
  const split = measuredFrom ?? count;
  const bounds: number[] = [];
  for (let start = 0; start < split; start += rows) bounds.push(start);
  if (split < count) bounds.push(split);
  bounds.push(count);
  return bounds;
}
