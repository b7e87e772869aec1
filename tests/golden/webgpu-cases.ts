/** Run by webgpu.test.ts in a process of its own: CROSS-ATTENTION CASE… in, the golden report of those cases out, as JSON. */
import { join } from 'node:path';
import { runGolden } from '../../engine/evaluation/golden.ts';

const [crossAttention, ...wanted] = process.argv.slice(2);
const report = await runGolden(join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden'), {
  provider: 'webgpu',
  crossAttention: crossAttention === 'plain' ? 'plain' : 'onnxruntime',
  // 128 slots in four pieces of unequal size: they are joined on the device.
  slotsPerRun: 37,
  only: (name, textMask) => wanted.includes(`${name}.${textMask}`),
});
process.stdout.write(JSON.stringify(report));
