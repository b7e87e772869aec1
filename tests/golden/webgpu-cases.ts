/** Run by webgpu.test.ts in a process of its own: WAY CASE… in, the golden report of those cases out, as JSON. */
import { join } from 'node:path';
import { z } from 'zod';
import { runGolden } from '../../engine/evaluation/golden.ts';
import type { GoldenOptions } from '../../engine/evaluation/golden.ts';

const [way, ...wanted] = z.tuple([z.enum(['webgpu', 'kernel'])], z.string()).parse(process.argv.slice(2));
const options: Record<typeof way, GoldenOptions> = {
  webgpu: { provider: 'webgpu', kernels: 'onnxruntime' },
  // Our own kernels on the driver, for all of it.
  kernel: { device: { provider: 'cpu', compute: 'float32', attention: 'fused', keepsTensors: true, threads: undefined }, kernels: 'plain' },
};
const report = await runGolden(join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden'), {
  ...options[way],
  // 128 slots in four pieces of unequal size: they are joined on the device.
  slotsPerRun: 37,
  only: (name, textMask) => wanted.includes(`${name}.${textMask}`),
});
process.stdout.write(JSON.stringify(report));
