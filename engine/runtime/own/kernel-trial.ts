/** The process that `examine-apart.ts` starts to try our own kernels: WEIGHTS (those of an answer) or 'tower' in, one line of JSON out. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { dequantizeBlocks, quantizeBlocks } from '../../graph/quantization.ts';
import { AttentionKernel } from '../../kernels/attention-kernel.ts';
import { chooseTiles } from '../../kernels/attention-tiles.ts';
import { createStorage, writeBytes } from '../../kernels/device-buffers.ts';
import { LinearKernel } from '../../kernels/linear-kernel.ts';
import { Recording } from '../../kernels/recording.ts';
import { attentionByDefinition } from '../attention-definition.ts';
import { tryDecoder } from './decoder-trial.ts';
import { OwnDevice } from './own-device.ts';
import { messageOf } from '../session.ts';
import { towerComputesRightly } from './tower-trial.ts';

const wave = (length: number, step: number) => Float16Array.from({ length }, (_, index) => 1.5 * Math.sin(step * index));

/** Attention on matrix units for heads of the released models' size. */
async function attendsRightly({ graphics }: OwnDevice): Promise<boolean> {
  const [queries, keys, headSize] = [72, 80, 128];
  const [query, key, value] = [wave(queries * headSize, 1.3), wave(keys * headSize, 2.1), wave(keys * headSize, 0.7)];
  const expected = attentionByDefinition(new Float32Array(query), new Float32Array(key), new Float32Array(value), headSize);
  const kernel = await AttentionKernel.create(graphics, { headSize, keyHeads: 1, element: 'f16', spelling: 'matrix', tiles: chooseTiles(headSize, 'matrix', graphics.subgroupSize) });
  const memory = await kernel.createMemory(keys);
  kernel.write(memory.key, 0, key);
  kernel.write(memory.value, 0, value);
  const found = await kernel.attend(query, memory, 1 / Math.sqrt(headSize));
  memory.dispose();
  return expected.every((wanted, index) => Math.abs(wanted - (found[index] as number)) < 2e-2);
}

/** Linear layers, of sizes that fill no tile, for every way in which weights are kept; on matrix units and row by row. */
async function multipliesRightly(own: OwnDevice): Promise<boolean> {
  const [rows, inputs, outputs] = [150, 96, 200];
  const input = wave(rows * inputs, 1.1);
  const weight = new Float32Array(wave(outputs * inputs, 0.9));
  const [source, result] = [await own.rows(rows, inputs, 'a trial'), await own.rows(rows, outputs, 'a trial')];
  own.write(source, 0, inputs, input);
  for (const layout of ['f16', 'int8', 'int4'] as const) {
    const bits = layout === 'int4' ? 4 : 8;
    const codes = quantizeBlocks(weight, outputs, inputs, bits);
    const scales = new Float16Array(codes.scales);
    const meaning = layout === 'f16' ? weight : dequantizeBlocks({ ...codes, scales: new Float32Array(scales) }, outputs, inputs, bits);
    const turned = Float16Array.from({ length: inputs * outputs }, (_, place) => weight[place % outputs * inputs + Math.floor(place / outputs)] as number);
    const held = async (bytes: Uint8Array<ArrayBuffer>) => {
      const buffer = await createStorage(own.graphics, bytes.length, 'a trial');
      writeBytes(own.graphics, buffer, 0, bytes);
      return buffer;
    };
    const weights = { weight: await held(layout === 'f16' ? new Uint8Array(turned.buffer) : new Uint8Array(codes.codes)), scales: await held(new Uint8Array(scales.buffer)) };
    for (const way of ['matrix', 'rows'] as const) {
      const kernel = await LinearKernel.create(own.graphics, { inputs, outputs, element: 'f16', weight: layout, stored: 'f16', biased: false, activation: 'none', adds: false }, way);
      const recording = new Recording(own.graphics);
      kernel.record(recording, { input: source, weights, result, rows });
      await own.submissions.run(recording.steps);
      const found = await own.read(result, 0, rows, outputs);
      for (let place = 0; place < found.length; place += 1) {
        const [row, output] = [Math.floor(place / outputs), place % outputs];
        let wanted = 0;
        for (let channel = 0; channel < inputs; channel += 1) wanted += (input[row * inputs + channel] as number) * (meaning[output * inputs + channel] as number);
        // Weights in halves are rounded once more where they are codes; sums reach a hundred.
        if (!(Math.abs(wanted - (found[place] as number)) < 0.25)) return false;
      }
    }
  }
  return true;
}

/** A decoder with weights as the model at hand has them. */
async function decodesRightly(own: OwnDevice): Promise<boolean> {
  const weights = z.enum(['float16', 'int8', 'int4']).parse(process.argv[2]);
  const apart = await tryDecoder(own, weights);
  return apart.logits < 0.05 && apart.shares < 0.01;
}

async function kernelsWork(): Promise<boolean> {
  const own = await OwnDevice.open('float16', 'matrix');
  return await attendsRightly(own) && await multipliesRightly(own) && await decodesRightly(own);
}

async function towerWorks(): Promise<boolean> {
  return await towerComputesRightly((await OwnDevice.open('float16', 'matrix')).graphics);
}

const verdict = await (process.argv[2] === 'tower' ? towerWorks() : kernelsWork()).then((works) => ({ works }), (error: unknown) => ({ works: false, reason: messageOf(error) }));
writeSync(1, `\n${JSON.stringify(verdict)}\n`);
// A driver may hang or crash while its process takes itself apart; nothing is left to do here.
process.kill(process.pid, 'SIGKILL');
