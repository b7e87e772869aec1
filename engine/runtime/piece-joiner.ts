import type { Tensor } from 'onnxruntime-node';
import { joinNames } from '../models/graph-names.ts';
import { buildJoin } from '../models/join.ts';
import { GraphSession, output, outputPlaces } from './session.ts';
import type { Device } from './session.ts';

/**
 * Joins tensors [1, rows, channels] on the device, all at once. Two by two, with results that grow, would leave buffers
 * of every size behind, of which ONNX Runtime keeps some of each for good (NOTE buffer sizes in models/needs.ts).
 */
export class PieceJoiner {
  readonly #device: Device;
  /** By the number of pieces: a graph has as many inputs. */
  readonly #sessions = new Map<number, Promise<GraphSession>>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** The pieces stay as they are; one piece is returned itself. */
  async join(pieces: readonly Tensor[]): Promise<Tensor> {
    const [only] = pieces;
    if (pieces.length === 1 && only !== undefined) return only;
    const session = await this.#session(pieces.length);
    const feeds = Object.fromEntries(pieces.map((piece, index) => [joinNames.piece(index), piece]));
    return output(await session.run(feeds, [joinNames.joined]), joinNames.joined);
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }

  #session(pieces: number): Promise<GraphSession> {
    const known = this.#sessions.get(pieces)
      ?? GraphSession.fromGraph(buildJoin(this.#device.compute, pieces), this.#device, { places: outputPlaces([joinNames.joined]) });
    this.#sessions.set(pieces, known);
    return known;
  }
}
