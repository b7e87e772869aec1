import { PbfReader } from 'pbf';
import { LongtakeError } from '../protocol/errors.ts';
import { elementType } from './element-types.ts';
import type { ElementType } from './element-types.ts';
import type { StoredTensor } from './onnx-messages.ts';

/** A tensor of a graph whose numbers lie in an external file. */
export type StoredEntry = { readonly type: ElementType; readonly shape: readonly number[]; readonly data: StoredTensor };

type Draft = { name: string; code: number; shape: number[]; external: Record<string, string> };

/** The external tensors of an ONNX `ModelProto` as `encodeModel` writes it, by name. Throws `model-invalid`. */
export function readStoredTensors(model: Uint8Array): Map<string, StoredEntry> {
  const found = new Map<string, StoredEntry>();
  const readGraph = (tag: number, _: undefined, reader: PbfReader) => {
    if (tag !== 5) return;
    const draft: Draft = { name: '', code: 0, shape: [], external: {} };
    const { name, code, shape, external } = reader.readMessage(readTensor, draft);
    const location = external['location'];
    if (location === undefined) return;
    const data = { location, byteOffset: Number(external['offset']), byteLength: Number(external['length']) };
    const type = elementType(code);
    if (type === undefined || !Number.isSafeInteger(data.byteOffset) || !Number.isSafeInteger(data.byteLength)) {
      throw new LongtakeError('model-invalid', `The tensor "${name}" of a graph is not one that Longtake writes. Prepare the model again.`, { tensor: name });
    }
    found.set(name, { type, shape, data });
  };
  new PbfReader(model).readFields((tag, _: undefined, reader) => { if (tag === 7) reader.readMessage(readGraph, undefined); }, undefined);
  return found;
}

function readTensor(tag: number, tensor: Draft, reader: PbfReader): void {
  if (tag === 1) reader.readPackedVarint(tensor.shape);
  else if (tag === 2) tensor.code = reader.readVarint();
  else if (tag === 8) tensor.name = reader.readString();
  else if (tag === 13) {
    const entry = reader.readMessage((field, pair: string[], entryReader) => { pair[field - 1] = entryReader.readString(); }, []);
    tensor.external[entry[0] ?? ''] = entry[1] ?? '';
  }
}
