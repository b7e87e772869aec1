import { createStorage, writeNumbers } from '../../kernels/device-buffers.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { towerWidths } from '../../models/tower-widths.ts';
import { KernelTower } from './kernel-tower.ts';
import type { TowerShape, TowerTiles } from './tower-kernels.ts';
import type { TowerLayer, TowerWeights } from './tower-weights.ts';

/** Heads of the released tower's size; more patches than a tile of queries, frames that end within one. */
export const trialShape: TowerShape = {
  tokensPerFrame: 9,
  vision: { imageSize: 172, patchSize: 14, poolGrid: 3, channels: 288, layers: 1, heads: 4, intermediate: 304, layerNormEpsilon: 1e-6 },
};
const frameCount = 3;

/** Whether a small tower on matrix units agrees with the same in the plain spelling. Throws `provider-unavailable`. */
export async function towerComputesRightly(graphics: GraphicsDevice, shape: TowerShape = trialShape, tiles?: TowerTiles): Promise<boolean> {
  const weights = await trialWeights(graphics, shape);
  const frames = Uint8Array.from({ length: frameCount * shape.vision.imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
  const features = async (spelling: 'matrix' | 'plain') => {
    const tower = await KernelTower.create(graphics, shape, weights, { element: 'f16', spelling, framesPerRun: 2, tiles });
    const found = new Float16Array((await tower.encode(frames, frameCount)).buffer);
    tower.dispose();
    return found;
  };
  const [found, wanted] = [await features('matrix'), await features('plain')];
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return size > 0.1 && wanted.every((value, index) => Math.abs(value - (found[index] as number)) < 0.02 * size);
}

/** Waves of such heights that every stage changes what it is given. Where a package has zeros for padding these have numbers: that is the same in both spellings. */
async function trialWeights(graphics: GraphicsDevice, { vision }: TowerShape): Promise<TowerWeights> {
  const { channels, layers } = vision;
  const { patches, patchInputs, attended, intermediate } = towerWidths(vision);
  let step = 0.7;
  const wave = async (length: number, height: number, middle = 0) => {
    step += 0.31;
    const buffer = await createStorage(graphics, 2 * length, 'a trial');
    writeNumbers(graphics, buffer, 0, Float16Array.from({ length }, (_, index) => middle + height * Math.sin(step * index + (index % 7) ** 2)));
    return buffer;
  };
  const linear = async (inputs: number, outputs: number) => ({ weight: await wave(inputs * outputs, 1.5 / Math.sqrt(inputs)), bias: await wave(outputs, 0.3) });
  const norm = async () => ({ scale: await wave(channels, 0.2, 1), bias: await wave(channels, 0.2) });
  const made: TowerLayer[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    made.push({
      before: await norm(), qkv: await linear(channels, 3 * attended), output: await linear(attended, channels),
      between: await norm(), wide: await linear(channels, intermediate), narrow: await linear(intermediate, channels),
    });
  }
  return { patchEmbedding: (await linear(patchInputs, channels)).weight, positions: await wave(patches * channels, 0.5), layers: made, stored: 'f16' };
}
