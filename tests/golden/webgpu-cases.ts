/** Run by webgpu.test.ts in a process of its own: prints the golden report of the cases named, as JSON. */
import { join } from 'node:path';
import { runGolden } from '../../engine/evaluation/golden.ts';

const wanted = process.argv.slice(2);
const report = await runGolden(join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden'), {
  provider: 'webgpu',
  // 128 slots in four pieces of unequal size: they are joined on the device.
  slotsPerRun: 37,
  only: (name, textMask) => wanted.includes(`${name}.${textMask}`),
});
process.stdout.write(JSON.stringify(report));
