/**
 * Run by kernel-tower.test.ts in a process of its own, on a software driver: the trial of the tower with its matrices spelled out,
 * and once more where they multiply wrongly, as JSON.
 */
import { writeSync } from 'node:fs';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import type { GraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import type { TowerTiles } from '../../engine/runtime/own/tower-kernels.ts';
import { towerComputesRightly, trialShape } from '../../engine/runtime/own/tower-trial.ts';
import { matricesSpelledOut, spelledSubgroup } from '../kernels/matrices-spelled-out.ts';

/** A device that seems to have matrix units. */
async function openSpelledOut(change: (shader: string) => string): Promise<GraphicsDevice> {
  const graphics = await openGraphicsDevice();
  const compile = graphics.device.createShaderModule.bind(graphics.device);
  Object.assign(graphics.device, { createShaderModule: ({ code }: GPUShaderModuleDescriptor) => compile({ code: code.includes('subgroup_matrix') ? change(matricesSpelledOut(code)) : code }) });
  return { ...graphics, multipliesMatrices: true, subgroupSize: spelledSubgroup };
}

/** Fewer patches than on a card, and what the driver's workgroups have memory for. */
const shape = { ...trialShape, vision: { ...trialShape.vision, imageSize: 88 } };
const tiles: TowerTiles = {
  linear: { down: 2, across: 2, subgroupSize: spelledSubgroup, rows: 16, columns: 16 },
  attention: { subgroups: 4, subgroupSize: spelledSubgroup, rowsPerSubgroup: 16, keys: 32, staged: true, ahead: true, queriesStay: true },
};
const report: Record<string, boolean> = {
  right: await towerComputesRightly(await openSpelledOut((shader) => shader), shape, tiles),
  wrong: await towerComputesRightly(await openSpelledOut((shader) => shader.replace('inner < 16u', 'inner < 15u')), shape, tiles),
};
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
