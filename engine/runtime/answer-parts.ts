import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { cacheRoomNames, decoderNames, packageFiles, projectorNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { Augmenter } from './augmenter.ts';
import { Decoder } from './decoder.ts';
import type { DecoderSessions } from './decoder.ts';
import { DeviceAugmenter } from './own/device-augmenter.ts';
import { isDeviceFailure, knownKernelFailure } from './device-failure.ts';
import { EmbeddingTable } from './embedding-table.ts';
import { FrameReader } from './frame-reader.ts';
import { ownKernelsWork } from './examine-apart.ts';
import { crossMemoryOutputs } from './key-collectors.ts';
import { openKernelDecoder } from './own/open-kernel-decoder.ts';
import type { LoadedDecoder } from './own/open-kernel-decoder.ts';
import { OwnDevice } from './own/own-device.ts';
import { PieceJoiner } from './piece-joiner.ts';
import type { AnswerParts } from './prefill.ts';
import { SessionAugmenter } from './session-augmenter.ts';
import { GraphSession, outputPlaces } from './session.ts';
import type { Device, GraphOptions } from './session.ts';

type Closable = { readonly dispose: () => Promise<void> };
/** Opens a graph of the package. */
type Open = (fileName: string, options?: GraphOptions) => Promise<GraphSession>;
/** Who computes what stands between a question and its rows: ONNX Runtime, or our own kernels. */
export type KernelChoice = 'auto' | 'onnxruntime' | 'plain';
/** How the parts of a model are loaded. The signal stops it between two of them. */
export type LoadingOptions = { readonly kernels?: KernelChoice | undefined; readonly signal?: AbortSignal | undefined };

/** The parts of a model that answer, and whether our own kernels are among them. What is opened is added to `opened`, for closing in reverse. */
export async function openAnswerParts(
  packageDirectory: string, spec: ModelSpec, device: Device, loading: LoadingOptions, opened: Closable[],
): Promise<AnswerParts & { readonly own: OwnDevice | undefined; readonly decoder: 'onnxruntime' | AttentionSpelling }> {
  const open: Open = async (fileName, options) => {
    throwIfCancelled(loading.signal);
    const session = await GraphSession.open(packageDirectory, fileName, device, options);
    opened.push(session);
    return session;
  };
  const ours = await openOwn(packageDirectory, spec, device, loading, opened);
  const augmenter: Augmenter = ours?.augmenter ?? (spec.uniform === undefined
    ? await openSessionAugmenter(open, spec, device, opened) : new FrameReader(await open(packageFiles.projector), spec, device));
  const beginDecoder = ours?.decoder?.begin ?? await openSessionDecoder(open, spec, device);
  const embeddings = await EmbeddingTable.open(packageDirectory, spec, device.compute);
  opened.push({ dispose: () => embeddings.close() });
  return { augmenter, embeddings, beginDecoder, own: ours?.own, decoder: ours?.decoder === undefined ? 'onnxruntime' : ours.own.spelling };
}

type OwnParts = { readonly own: OwnDevice; readonly augmenter: DeviceAugmenter | undefined; readonly decoder: LoadedDecoder | undefined };

/**
 * Our own kernels, where they are wanted, have not failed yet and work; ONNX Runtime does without them, or without those of the decoder alone. A
 * model without MemAug has only its decoder there.
 */
async function openOwn(
  packageDirectory: string, spec: ModelSpec, device: Device, { kernels: choice = 'auto', signal }: LoadingOptions, opened: Closable[],
): Promise<OwnParts | undefined> {
  if (choice === 'onnxruntime' || knownKernelFailure() !== undefined) return undefined;
  if (choice === 'auto' && !await ownKernelsWork(device, spec.weights, signal)) return undefined;
  throwIfCancelled(signal);
  let own: OwnDevice | undefined;
  try {
    own = await OwnDevice.open(device.compute, choice === 'plain' ? 'plain' : 'matrix');
    // Kernels of the one compile while weights of the other go to the device.
    const [augmenter, decoder] = await Promise.allSettled([
      spec.uniform === undefined ? DeviceAugmenter.open(own, packageDirectory, spec, signal) : Promise.resolve(undefined), openKernelDecoder(own, packageDirectory, spec, signal),
    ]);
    const parts = { own, augmenter: valueOf(augmenter), decoder: valueOf(decoder) };
    opened.push(own, ...[parts.augmenter, parts.decoder].filter((part) => part !== undefined));
    return parts;
  } catch (error) {
    await own?.dispose();
    if (choice === 'plain' || !isDeviceFailure(error)) throw error;
    return undefined; // shapes that the kernels do not take, no room, or no device any more
  }
}

/** Throws what has failed. */
function valueOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function openSessionAugmenter(open: Open, spec: ModelSpec, device: Device, opened: Closable[]): Promise<SessionAugmenter> {
  const joiner = new PieceJoiner(device);
  opened.push(joiner);
  const projector = await open(packageFiles.projector);
  const blocks: GraphSession[] = [];
  for (let block = 0; block < spec.memaugDepth; block += 1) blocks.push(await open(packageFiles.memaugBlock(block), { attends: true }));
  let hostCrossMemory: Promise<GraphSession> | undefined;
  return new SessionAugmenter({
    projector, joiner, blocks,
    memoryProjector: device.keepsTensors ? await open(packageFiles.projector, { places: outputPlaces([projectorNames.tokens]) }) : projector,
    crossMemory: await open(packageFiles.crossMemory, { places: outputPlaces(crossMemoryOutputs(spec)) }),
    crossMemoryToHost: () => hostCrossMemory ??= open(packageFiles.crossMemory),
    queryKeys: await open(packageFiles.queryKeys),
    shares: await open(packageFiles.shares),
  }, spec, device);
}

async function openSessionDecoder(open: Open, spec: ModelSpec, device: Device): Promise<AnswerParts['beginDecoder']> {
  const layers = Array.from({ length: spec.text.layers }, (_, layer) => layer);
  // NOTE shared cache: the fused decoder writes into tensors that it is handed, which needs a session without places.
  const places = device.attention === 'fused' ? {} : outputPlaces(
    layers.flatMap((layer) => [decoderNames.newKey(layer), decoderNames.newValue(layer), decoderNames.query(layer)]),
    [decoderNames.logits]);
  const sessions: DecoderSessions = {
    decoder: device.keepsTensors ? await open(packageFiles.decoderDevice, { places, attends: true }) : await open(packageFiles.decoder),
    cacheRoom: device.keepsTensors ? await open(packageFiles.cacheRoom, { places: outputPlaces([cacheRoomNames.grown]) }) : undefined,
    probe: await open(device.keepsTensors ? packageFiles.probeDevice : packageFiles.probe),
  };
  return (promptLength) => new Decoder(sessions, spec, device, promptLength);
}
