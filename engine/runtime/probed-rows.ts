import type { Tensor } from 'onnxruntime-node';
import { probeNames, rotaryNames } from '../models/graph-names.ts';
import { decoderRotary } from '../models/rope-scaling.ts';
import type { ModelSpec } from '../models/spec.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { MeasuredRows } from './answer-decoder.ts';
import type { HeldKeys } from './decoder-cache.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { indexTensor, numberTensor, numbersOf, toCompute } from './tensors.ts';

/** Measured by the probe graph: `queries` of `rows` rows, [rows, heads · headSize or more] a layer, and the keys that they met. */
export function probedRows(probe: GraphSession, spec: ModelSpec, device: Device, rows: number, queries: readonly Tensor[], keys: HeldKeys): MeasuredRows {
  const { headSize } = spec.text;
  return {
    attention: async (start, count, signal) => {
      const positions = Int32Array.from({ length: rows }, (_, row) => keys.length - rows + row);
      const tables = decoderRotary(positions, spec.text);
      const shape = [rows, headSize / 2];
      const sums = new Float64Array(count);
      for (const [layer, tensor] of queries.entries()) {
        throwIfCancelled(signal);
        const results = await probe.run({
          [probeNames.queries]: tensor,
          [rotaryNames.cosine]: numberTensor(toCompute(device.compute, tables.cosine), shape),
          [rotaryNames.sine]: numberTensor(toCompute(device.compute, tables.sine), shape),
          [probeNames.keys]: keys.keys(layer),
          ...(device.keepsTensors ? { [probeNames.length]: indexTensor(Int32Array.of(keys.offset + keys.length)) } : {}),
        }, [probeNames.shares]);
        const shares = numbersOf(output(results, probeNames.shares));
        for (let row = 0; row < count; row += 1) sums[row] = (sums[row] as number) + (shares[keys.offset + start + row] as number);
      }
      return sums;
    },
    dispose: () => {
      for (const tensor of queries) tensor.dispose();
      keys.release();
    },
  };
}
