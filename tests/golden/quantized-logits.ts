/** Run by quantized.test.ts in a process of its own: the logits of a prompt and of two steps, as JSON. */
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import { ask, prompt } from '../runtime/tiny-model.ts';

const [packageDirectory = '', provider = ''] = process.argv.slice(2);
if (provider !== 'cpu' && provider !== 'webgpu') throw new Error(`unknown provider "${provider}"`);
const model = await openVideoModel(packageDirectory, { provider });
const generation = await ask(model, 4, prompt(30, 31));
const logits = [generation.logits, await generation.next(40), await generation.next(41)].map((row) => [...row]);
generation.dispose();
await model.dispose();
process.stdout.write(JSON.stringify({ provider: model.provider, logits }));
